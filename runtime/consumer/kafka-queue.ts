import { setTimeout as sleep } from "node:timers/promises";
import { Consumer, Producer, type MessagesStream } from "@platformatic/kafka";
import type { Logger } from "pino";
import { messageOf } from "../message-of";
import { backoff, Waits } from "./backoff";
import type { ConsumerOptions } from "./consumer-options";
import { kafkaAccess } from "./kafka-access";
import { deadLetterRecord, KafkaDelivery, resultRecord, type KafkaRecord } from "./kafka-messages";
import {
  Refused,
  type Delivery,
  type Handler,
  type Lag,
  type MessageQueue,
  type Outgoing,
} from "./message-queue";
import { Progress } from "./partition-progress";
import { Slots } from "./slots";

type KafkaConsumer = Consumer<Buffer, Buffer, Buffer, Buffer>;
type Stream = MessagesStream<Buffer, Buffer, Buffer, Buffer>;

/** Milliseconds between two commits: what is done but not committed is delivered again after a crash. */
const COMMIT_INTERVAL = 200;
/** Milliseconds that a broker holds back an empty answer. */
const FETCH_WAIT = 1000;
const HEARTBEAT = 2000;
/** Tries of the commit before the group is left: what it lacks is done again by others. */
const LAST_COMMITS = 5;
/** Seconds between two tries to reach a broker that is away. */
const FIRST_RECONNECT = 0.5;
const LAST_RECONNECT = 15;

/** Answers of a broker that would be the same however often a record is sent. */
const REFUSALS = ["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE", "INVALID_RECORD"];

export function createKafkaQueue(options: ConsumerOptions, log: Logger): MessageQueue {
  return new KafkaQueue(options, log);
}

/** Topics of Kafka, read as a member of a consumer group. */
class KafkaQueue implements MessageQueue {
  connectedOnce = false;
  connected = false;
  private readonly producer: Producer<Buffer, Buffer, Buffer, Buffer>;
  private readonly slots: Slots;
  private readonly waits = new Waits();
  private progress = new Progress();
  private handler: Handler | undefined;
  private consumer: KafkaConsumer | undefined;
  private stream: Stream | undefined;
  private endSession: ((error?: Error) => void) | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopping = false;
  private rebalancing = false;

  constructor(
    private readonly options: ConsumerOptions,
    private readonly log: Logger,
  ) {
    this.slots = new Slots(options.maxInFlight);
    this.producer = new Producer({
      ...kafkaAccess(this.options.brokerAddresses, this.options),
      // Every replica that is in sync has the record before a request counts as answered.
      acks: -1,
    });
    this.producer.on("error" as never, (error: unknown) => this.log.debug({ err: error }, "kafka producer"));
  }

  start(handler: Handler): void {
    this.handler = handler;
    this.running = this.run();
  }

  publishResult(_delivery: Delivery, message: Outgoing): Promise<void> {
    return this.send(resultRecord(this.options.results, message));
  }

  publishDeadLetter(delivery: Delivery, message: Omit<Outgoing, "body">, withBody: boolean): Promise<void> {
    const { deadLetters } = this.options;
    return this.send(deadLetterRecord(deadLetters, delivery as KafkaDelivery, message, withBody));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.waits.endAll();
    this.stream?.destroy();
    await this.slots.empty();
    for (let attempt = 1; this.consumer && attempt <= LAST_COMMITS; attempt++) {
      if (attempt > 1) await sleep(COMMIT_INTERVAL);
      if (await this.commit(this.consumer)) break;
    }
    await this.close();
  }

  async close(): Promise<void> {
    this.stopping = true;
    this.waits.endAll();
    this.endSession?.();
    await this.running;
    await this.producer.close().catch((error: unknown) => this.log.debug({ err: error }, "kafka producer"));
  }

  async lag(): Promise<Lag> {
    const { consumer, options } = this;
    const partitions =
      consumer?.assignments?.find(({ topic }) => topic === options.requests)?.partitions ?? [];
    if (!consumer || partitions.length === 0) return new Map();
    const topics = [{ topic: options.requests, partitions }];
    const [ends, begins, committed] = await Promise.all([
      consumer.listOffsets({ topics: [options.requests], partitions: { [options.requests]: partitions } }),
      consumer.listOffsets({
        topics: [options.requests],
        partitions: { [options.requests]: partitions },
        timestamp: EARLIEST,
      }),
      consumer.listCommittedOffsets({ topics }),
    ]);
    const of = (offsets: Map<string, bigint[]>, partition: number) =>
      offsets.get(options.requests)?.[partition] ?? -1n;
    return new Map(
      partitions.map((partition) => {
        const done = of(committed, partition);
        const from = done >= 0n ? done : of(begins, partition);
        return [String(partition), Number(of(ends, partition) - from)];
      }),
    );
  }

  /** Consumes until it is stopped: what fails is begun anew, with a pause that grows. */
  private async run(): Promise<void> {
    for (let failures = 1; !this.stopping; failures++) {
      const began = Date.now();
      try {
        await this.session();
      } catch (error) {
        if (this.stopping) return;
        // A session that held for long has not failed "again".
        if (Date.now() - began > LAST_RECONNECT * 1000) failures = 1;
        this.log.warn({ err: error }, "consuming from Kafka was interrupted; it is begun anew");
        await this.waits.wait(backoff(failures, FIRST_RECONNECT, LAST_RECONNECT));
      }
    }
  }

  /** One membership of the group. Resolves when it is stopped. @throws what ended it otherwise */
  private async session(): Promise<void> {
    const { consumerGroup = "", sessionTimeout } = this.options;
    const consumer: KafkaConsumer = new Consumer({
      ...kafkaAccess(this.options.brokerAddresses, this.options),
      groupId: consumerGroup,
      sessionTimeout: sessionTimeout * 1000,
      rebalanceTimeout: Math.max(60, sessionTimeout) * 1000,
      heartbeatInterval: HEARTBEAT,
      maxWaitTime: FETCH_WAIT,
      highWaterMark: this.options.maxInFlight,
      autocommit: false,
    });
    this.consumer = consumer;
    this.progress = new Progress();
    const ended = new Promise<void>((resolve, reject) => {
      this.endSession = (error) => (error ? reject(error) : resolve());
    });
    // May be rejected before anybody waits for it.
    ended.catch(() => undefined);
    // A group that cannot be joined again is not left waiting for: the session is begun anew.
    consumer.on("error" as never, (error: unknown) => this.endSession?.(asError(error)));
    consumer.on("consumer:group:join", () => this.assigned(consumer));
    this.rebalancing = false;
    consumer.on("consumer:group:rebalance", () => (this.rebalancing = true));
    // The library answers a commit in the middle of a rebalance by joining once more, which would begin another one.
    const commits = setInterval(() => {
      if (!this.rebalancing) void this.commit(consumer);
    }, COMMIT_INTERVAL);
    try {
      await Promise.race([this.openStream(consumer), ended]);
      if (!this.stopping) {
        this.connected = this.connectedOnce = true;
        this.log.info({ group: consumerGroup, topic: this.options.requests }, "consuming");
      }
      await ended;
    } finally {
      this.connected = false;
      clearInterval(commits);
      this.endSession = this.consumer = undefined;
      this.stream?.destroy();
      this.stream = undefined;
      // Leaves the group, so that its other members need not wait for the session to time out.
      const left: Promise<void> = new Promise((resolve, reject) =>
        consumer.close(true, (error) => (error ? reject(error) : resolve())),
      );
      await left.catch((error: unknown) => this.log.debug({ err: error }, "kafka consumer"));
    }
  }

  /** The group has given out its partitions, for the first time or anew. */
  private assigned(consumer: KafkaConsumer): void {
    this.rebalancing = false;
    const names = (consumer.assignments ?? []).flatMap(({ topic, partitions }) =>
      partitions.map((partition) => `${topic}:${partition}`),
    );
    const gained = this.progress.assign(names);
    this.log.info({ partitions: names }, "partitions assigned");
    // What an old stream has buffered, or is about to fetch, of a partition that was away for a while may lie behind
    // messages which nobody has handled: only a stream that begins at the committed offsets can be counted on.
    if (gained && this.stream) {
      this.openStream(consumer).catch((error: unknown) => this.endSession?.(asError(error)));
    }
  }

  private async openStream(consumer: KafkaConsumer): Promise<void> {
    const stream = await consumer.consume({
      topics: [this.options.requests],
      mode: "committed",
      // Of a group that is new every message is wanted that lies there already.
      fallbackMode: "earliest",
      autocommit: false,
      sessionTimeout: this.options.sessionTimeout * 1000,
      rebalanceTimeout: Math.max(60, this.options.sessionTimeout) * 1000,
      heartbeatInterval: HEARTBEAT,
      maxWaitTime: FETCH_WAIT,
      highWaterMark: this.options.maxInFlight,
    });
    const old = this.stream;
    if (this.stopping || this.consumer !== consumer) {
      stream.destroy();
      return;
    }
    this.stream = stream;
    old?.destroy();
    this.pump(stream).catch((error: unknown) => {
      if (this.stream === stream && !this.stopping) this.endSession?.(asError(error));
    });
  }

  /** Hands messages over as long as there is room for them; the stream fetches no more than it can buffer. */
  private async pump(stream: Stream): Promise<void> {
    for await (const message of stream) {
      await this.slots.take();
      const progress =
        this.stream === stream && !this.stopping
          ? this.progress.of(`${message.topic}:${message.partition}`)
          : undefined;
      if (!progress?.start(message.offset)) {
        this.slots.release();
        if (this.stream !== stream || this.stopping) return;
        continue;
      }
      void this.handler!(new KafkaDelivery(message)).then((settled) => {
        if (settled) progress.finish(message.offset);
        // The partition could not be committed beyond it: it has to be delivered again.
        else if (!this.stopping) this.endSession?.(new Error("A message could not be settled."));
        this.slots.release();
      });
    }
    throw new Error("The stream of messages has ended.");
  }

  /** Promises whether everything that is done is committed. */
  private async commit(consumer: KafkaConsumer): Promise<boolean> {
    const entries = [...this.progress.committable()];
    if (entries.length === 0) return true;
    const offsets = entries.map(({ name, offset }) => {
      const at = name.lastIndexOf(":");
      return { topic: name.slice(0, at), partition: Number(name.slice(at + 1)), offset, leaderEpoch: -1 };
    });
    try {
      await consumer.commit({ offsets });
      for (const { progress, offset } of entries) progress.hasCommitted(offset);
      return true;
    } catch (error) {
      // The group is being rearranged, or the broker is away: the next commit has it, or it is delivered again.
      this.log.debug({ err: error }, "offsets could not be committed");
      return false;
    }
  }

  private async send(record: KafkaRecord): Promise<void> {
    try {
      await this.producer.send({ messages: [record] });
    } catch (error) {
      const refusal = REFUSALS.find((id) => isKafkaError(error) && error.findBy("apiId", id));
      if (refusal) throw new Refused(`Kafka refuses the record: ${refusal}.`, { cause: error });
      throw error;
    }
  }
}

/** What Kafka calls the first offset that there is. */
const EARLIEST = -2n;

interface KafkaError {
  findBy(property: string, value: unknown): unknown;
}

function isKafkaError(error: unknown): error is KafkaError {
  return typeof (error as Partial<KafkaError> | undefined)?.findBy === "function";
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(messageOf(error));
}
