/** Publishes payload entries to a topic of Kafka. Loaded only where that is configured. */
import { Producer } from "@platformatic/kafka";
import type { Logger } from "pino";
import type { BrokerAccess } from "../consumer/broker-access";
import { kafkaAccess } from "../consumer/kafka-access";
import type { PayloadSink } from "./delivery-queue";

/** A broker takes batches of 1 MiB (`message.max.bytes`), of which some is its own bookkeeping. */
const LARGEST_ENTRY = 900_000;
const BATCH_CHARACTERS = 400_000;
/** Milliseconds that entries wait for company. */
const LINGER_MS = 250;

/** One record per entry, its key left empty: a model's entries are shared among all partitions. */
export class KafkaSink implements PayloadSink {
  readonly gather = { characters: BATCH_CHARACTERS, milliseconds: LINGER_MS };
  readonly largest = LARGEST_ENTRY;
  private readonly producer: Producer<Buffer, Buffer, Buffer, Buffer>;

  /** @throws UsageError where a file of the access cannot be read */
  constructor(
    brokers: readonly string[],
    private readonly topic: string,
    access: BrokerAccess,
    log: Logger,
  ) {
    this.producer = new Producer({ ...kafkaAccess(brokers, access, "--payload-broker"), acks: -1 });
    this.producer.on("error" as never, (error: unknown) => log.debug({ err: error }, "kafka producer"));
  }

  async deliver(lines: readonly string[]): Promise<void> {
    const messages = lines.map((line) => ({
      topic: this.topic,
      value: Buffer.from(line),
      headers: new Map([[Buffer.from("content-type"), Buffer.from("application/json")]]),
    }));
    // What gathered while the broker was busy may be more than it takes at once.
    for (let from = 0; from < messages.length;) {
      let size = messages[from]!.value.length;
      let to = from + 1;
      while (to < messages.length && size + messages[to]!.value.length <= BATCH_CHARACTERS) {
        size += messages[to++]!.value.length;
      }
      await this.producer.send({ messages: messages.slice(from, to) });
      from = to;
    }
  }

  async close(): Promise<void> {
    await this.producer.close();
  }
}
