import type { Logger } from "pino";
import type { ConsumerOptions } from "./consumer-options";
import { loadKafka } from "./load-kafka";
import type { MessageQueue } from "./message-queue";

/** Each broker's library is loaded only where it is used: neither belongs to the server's start. */
export function createQueue(options: ConsumerOptions, log: Logger): MessageQueue {
  switch (options.broker) {
    case "kafka":
      return loadKafka().createKafkaQueue(options, log);
    case "rabbitmq":
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded on use; `import()` cannot load TypeScript in a checkout
      return (require("./rabbitmq-queue") as typeof import("./rabbitmq-queue")).createRabbitQueue(
        options,
        log,
      );
  }
}
