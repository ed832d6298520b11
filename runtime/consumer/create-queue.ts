import type { Logger } from "pino";
import type { ConsumerOptions } from "./consumer-options";
import type { MessageQueue } from "./message-queue";

/** Each broker's library is loaded only where it is used: neither belongs to the server's start. */
export function createQueue(options: ConsumerOptions, log: Logger): MessageQueue {
  /* eslint-disable @typescript-eslint/no-require-imports -- loaded on use; `import()` cannot load TypeScript in a checkout */
  switch (options.broker) {
    case "kafka":
      return (require("./kafka-queue") as typeof import("./kafka-queue")).createKafkaQueue(options, log);
    case "rabbitmq":
      return (require("./rabbitmq-queue") as typeof import("./rabbitmq-queue")).createRabbitQueue(
        options,
        log,
      );
  }
}
