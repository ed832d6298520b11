import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Admin, Consumer, Producer, stringDeserializers } from "@platformatic/kafka";
import { PASSWORD, USER, type KafkaBroker } from "./kafka-broker";

/** A record as tests look at it. */
export interface Seen {
  readonly key: string;
  readonly value: string;
  readonly headers: Record<string, string>;
}

export interface Sent {
  readonly value: string | Buffer;
  readonly key?: string;
  readonly headers?: Record<string, string>;
  readonly partition?: number;
}

/** The other side of the topics: whoever asks, and reads the answers. */
export class KafkaClient {
  private readonly producer: Producer;
  private readonly seen = new Map<string, Seen[]>();
  private readonly consumers: Consumer<string, string, string, string>[] = [];

  constructor(private readonly broker: KafkaBroker) {
    this.producer = new Producer({ ...this.access(), acks: -1, retries: 20, retryDelay: 500 });
  }

  private access() {
    return {
      clientId: "test",
      bootstrapBrokers: [this.broker.address],
      tls: { ca: readFileSync(this.broker.caFile, "utf8") },
      sasl: { mechanism: "SCRAM-SHA-512" as const, username: USER, password: PASSWORD },
    };
  }

  async createTopics(partitions: number, ...topics: string[]): Promise<void> {
    const admin = new Admin(this.access());
    await insist(() => admin.createTopics({ topics, partitions, replicas: 1 }));
    await admin.close();
  }

  async send(topic: string, messages: readonly Sent[]): Promise<void> {
    // One by one: of a batch, the part for a partition whose leader is known would be stored, and be sent again.
    await Promise.all(messages.map((message) => insist(() => this.sendOnce(topic, [message]))));
  }

  private async sendOnce(topic: string, messages: readonly Sent[]): Promise<void> {
    await this.producer.send({
      messages: messages.map(({ value, key, headers = {}, partition }) => ({
        topic,
        value: Buffer.from(value),
        ...(key === undefined ? {} : { key: Buffer.from(key) }),
        ...(partition === undefined ? {} : { partition }),
        headers: new Map(
          Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)] as const),
        ),
      })),
    });
  }

  /** Everything that a topic has had since it was first asked for. */
  async read(topic: string): Promise<readonly Seen[]> {
    const known = this.seen.get(topic);
    if (known) return known;
    const list: Seen[] = [];
    this.seen.set(topic, list);
    const consumer = new Consumer({
      ...this.access(),
      groupId: `test-${topic}-${randomUUID()}`,
      deserializers: stringDeserializers,
      retries: 20,
      retryDelay: 500,
    });
    this.consumers.push(consumer);
    const stream = await insist(() =>
      consumer.consume({ topics: [topic], mode: "earliest", autocommit: false, maxWaitTime: 200 }),
    );
    stream.on("error", () => undefined);
    const read = new Set<string>();
    stream.on("data", ({ key, value, headers, partition, offset }) => {
      // The reader itself begins anew where its group is rearranged.
      if (read.size === read.add(`${partition}/${offset}`).size) return;
      list.push({ key: key ?? "", value: value ?? "", headers: Object.fromEntries(headers) });
    });
    return list;
  }

  /** Waits until what a topic has had satisfies a condition. */
  async until(
    topic: string,
    holds: (seen: readonly Seen[]) => boolean,
    limitMs = 60_000,
  ): Promise<readonly Seen[]> {
    const deadline = Date.now() + limitMs;
    const seen = await this.read(topic);
    while (!holds(seen)) {
      if (Date.now() > deadline) throw new Error(`${topic} has had ${seen.length} records only`);
      await sleep(20);
    }
    return seen;
  }

  async close(): Promise<void> {
    for (const client of [...this.consumers, this.producer])
      await new Promise<void>((resolve) => client.close(true as never, () => resolve()));
  }
}

export const distinctKeys = (seen: readonly Seen[]) => new Set(seen.map(({ key }) => key)).size;

/** Messages that were answered, each once however often. */
export const distinctOrigins = (seen: readonly Seen[]) =>
  new Set(seen.map(({ headers }) => headers["slipway-origin"])).size;

/** Tries again what fails: a broker that has just been started takes its time. */
async function insist<Result>(action: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (attempt === 10) throw error;
      await sleep(1000);
    }
  }
}
