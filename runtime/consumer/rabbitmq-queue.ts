import {
  connect,
  credentials,
  type Channel,
  type ChannelModel,
  type ConfirmChannel,
  type ConsumeMessage,
  type Options,
} from "amqplib";
import type { Logger } from "pino";
import { messageOf } from "../message-of";
import { backoff, Waits } from "./backoff";
import { brokerCredentials, brokerTls } from "./broker-access";
import type { ConsumerOptions } from "./consumer-options";
import {
  Refused,
  type Delivery,
  type Handler,
  type Lag,
  type MessageQueue,
  type Outgoing,
} from "./message-queue";
import { deadLetterProperties, RabbitDelivery, resultProperties } from "./rabbitmq-messages";
import { Slots } from "./slots";

/** Seconds after which a connection counts as dead on which nothing was heard. */
const HEARTBEAT = 20;
/** Milliseconds that connecting may take. */
const CONNECT_TIMEOUT = 10_000;
/** Seconds between two tries to reach a broker that is away. */
const FIRST_RECONNECT = 0.5;
const LAST_RECONNECT = 15;

export function createRabbitQueue(options: ConsumerOptions, log: Logger): MessageQueue {
  return new RabbitQueue(options, log);
}

/** One connection: a channel to consume on, and one to publish on, whose messages the broker confirms. */
interface Session {
  readonly connection: ChannelModel;
  readonly consuming: Channel;
  readonly publishing: ConfirmChannel;
}

/** A message that the broker has not confirmed yet. */
interface Unconfirmed {
  readonly size: number;
  readonly returned: string;
  wasReturned: boolean;
  settle(error?: Error): void;
}

/** Queues of RabbitMQ, which must exist: what they keep, and for how long, is not the consumer's to decide. */
class RabbitQueue implements MessageQueue {
  connectedOnce = false;
  private readonly slots: Slots;
  private readonly waits = new Waits();
  private readonly unconfirmed = new Set<Unconfirmed>();
  private handler: Handler | undefined;
  private session: Session | undefined;
  private endSession: ((error?: Error) => void) | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopping = false;
  /** Bytes of a message that the broker takes, as far as is known. */
  private mostBytes = Infinity;
  private address = 0;

  constructor(
    private readonly options: ConsumerOptions,
    private readonly log: Logger,
  ) {
    this.slots = new Slots(options.maxInFlight);
  }

  get connected(): boolean {
    return this.session !== undefined;
  }

  start(handler: Handler): void {
    this.handler = handler;
    this.running = this.run();
  }

  publishResult(delivery: Delivery, message: Outgoing): Promise<void> {
    const properties = resultProperties(delivery as RabbitDelivery, message);
    return this.publish(this.options.results, message.body, properties);
  }

  publishDeadLetter(delivery: Delivery, message: Omit<Outgoing, "body">, withBody: boolean): Promise<void> {
    const properties = deadLetterProperties(delivery as RabbitDelivery, message);
    return this.publish(this.options.deadLetters, withBody ? delivery.body : Buffer.alloc(0), properties);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.waits.endAll();
    const { session } = this;
    // What arrives until the broker has heard of it goes back when the channel closes.
    await session?.consuming.cancel(CONSUMER_TAG).catch(() => undefined);
    await this.slots.empty();
    // The broker answers when it has read everything before, acknowledgements above all.
    await session?.consuming.close().catch(() => undefined);
    await this.close();
  }

  async close(): Promise<void> {
    this.stopping = true;
    this.waits.endAll();
    this.endSession?.();
    await this.running;
  }

  async lag(): Promise<Lag> {
    if (!this.session) return new Map();
    const { messageCount } = await this.session.consuming.checkQueue(this.options.requests);
    return new Map([["", messageCount]]);
  }

  /** Consumes until it is stopped: what fails is begun anew, with a pause that grows. */
  private async run(): Promise<void> {
    for (let failures = 1; !this.stopping; failures++) {
      const began = Date.now();
      try {
        await this.consume();
      } catch (error) {
        if (this.stopping) return;
        // A session that held for long has not failed "again".
        if (Date.now() - began > LAST_RECONNECT * 1000) failures = 1;
        this.log.warn({ err: error }, "consuming from RabbitMQ was interrupted; it is begun anew");
        await this.waits.wait(backoff(failures, FIRST_RECONNECT, LAST_RECONNECT));
      }
    }
  }

  /** One connection, for as long as it holds. Resolves when it is stopped. @throws what ended it otherwise */
  private async consume(): Promise<void> {
    const { maxInFlight, requests, results, deadLetters } = this.options;
    const ended = new Promise<void>((resolve, reject) => {
      this.endSession = (error) => (error ? reject(error) : resolve());
    });
    // May be rejected before anybody waits for it.
    ended.catch(() => undefined);
    const connection = await this.connect();
    try {
      this.endWith(connection);
      const consuming = await connection.createChannel();
      this.endWith(consuming);
      const publishing = await connection.createConfirmChannel();
      this.endWith(publishing);
      publishing.on("return", (message) => this.returned(message.fields.routingKey, message.properties));
      publishing.on("error", (error) => this.refuseTooLarge(error));
      for (const queue of [requests, results, deadLetters]) await consuming.checkQueue(queue);
      await consuming.prefetch(maxInFlight);
      const session = { connection, consuming, publishing };
      if (!this.stopping) {
        this.session = session;
        await consuming.consume(requests, (message) => this.received(session, message), {
          consumerTag: CONSUMER_TAG,
        });
        this.connectedOnce = true;
        this.log.info({ queue: requests }, "consuming");
      }
      await ended;
    } finally {
      this.session = this.endSession = undefined;
      for (const entry of [...this.unconfirmed])
        entry.settle(new Error("The connection to RabbitMQ is lost."));
      await connection.close().catch(() => undefined);
    }
  }

  private connect(): Promise<ChannelModel> {
    const { brokerAddresses, brokerAuth, virtualHost } = this.options;
    // The next one each time: a broker that is down must not keep the others from being tried.
    const [hostname, port] = brokerAddresses[this.address++ % brokerAddresses.length]!.split(":") as [
      string,
      string,
    ];
    const tls = brokerTls(this.options);
    const account =
      brokerAuth === "none"
        ? credentials.external()
        : (({ username, password }) => credentials.plain(username, password))(
            brokerCredentials(this.options),
          );
    const server: Options.Connect = {
      protocol: tls ? "amqps" : "amqp",
      hostname,
      port: Number(port),
      vhost: virtualHost,
      heartbeat: HEARTBEAT,
    };
    return connect(server, {
      ...tls,
      credentials: account,
      timeout: CONNECT_TIMEOUT,
      noDelay: true,
      ...(tls ? { servername: hostname } : {}),
      clientProperties: { connection_name: "slipway" },
    } as Parameters<typeof connect>[1]) as Promise<ChannelModel>;
  }

  private endWith(emitter: Channel | ChannelModel): void {
    emitter.on("error", (error: Error) => this.endSession?.(error));
    emitter.on("close", () => this.endSession?.(new Error("The connection to RabbitMQ is lost.")));
  }

  private received(session: Session, message: ConsumeMessage | null): void {
    if (!message) {
      this.endSession?.(new Error(`The queue ${this.options.requests} is gone.`));
      return;
    }
    // Not waited for: the broker hands over no more than the prefetch count.
    void this.slots.take().then(async () => {
      const current = this.session === session && !this.stopping;
      const settled = current && (await this.handler!(new RabbitDelivery(message, this.options.requests)));
      try {
        // On the channel that it came from: another one would not know it. What that left open is delivered again.
        if (settled) session.consuming.ack(message);
        else session.consuming.nack(message, false, true);
      } catch (error) {
        this.log.debug({ err: error }, "the channel is closed; the message will be delivered again");
      }
      this.slots.release();
    });
  }

  private publish(queue: string, body: Buffer, properties: Options.Publish): Promise<void> {
    const { session } = this;
    if (body.length > this.mostBytes) return Promise.reject(tooLarge(body.length, this.mostBytes));
    if (!session) return Promise.reject(new Error("There is no connection to RabbitMQ."));
    return new Promise<void>((resolve, reject) => {
      const entry: Unconfirmed = {
        size: body.length,
        returned: returnedName(queue, properties.messageId),
        wasReturned: false,
        settle: (error) => {
          this.unconfirmed.delete(entry);
          if (error) reject(error);
          else if (entry.wasReturned) reject(new Error(`The queue ${queue} does not exist.`));
          else resolve();
        },
      };
      this.unconfirmed.add(entry);
      try {
        session.publishing.publish("", queue, body, properties, (error: unknown) =>
          entry.settle(
            error ? new Error(`RabbitMQ did not take the message: ${messageOf(error)}`) : undefined,
          ),
        );
      } catch (error) {
        entry.settle(error instanceof Error ? error : new Error(messageOf(error)));
      }
    });
  }

  /** A message without a queue comes back, and is confirmed all the same. */
  private returned(queue: string, properties: { readonly messageId?: string }): void {
    const name = returnedName(queue, properties.messageId);
    for (const entry of this.unconfirmed) if (entry.returned === name) entry.wasReturned = true;
  }

  /**
   * A message that is too large closes the channel, and with it goes the acknowledgement of its request: delivered again,
   * it must not be tried again.
   */
  private refuseTooLarge(error: unknown): void {
    const most = /larger than configured max size (\d+)/.exec(messageOf(error))?.[1];
    if (most === undefined) return;
    this.mostBytes = Number(most);
    for (const entry of [...this.unconfirmed]) {
      if (entry.size > this.mostBytes) entry.settle(tooLarge(entry.size, this.mostBytes));
    }
  }
}

/** Unique within its channel, which has no other consumer. */
const CONSUMER_TAG = "slipway";

function tooLarge(size: number, most: number): Refused {
  return new Refused(`RabbitMQ refuses the message: its ${size} bytes are more than ${most}.`);
}

function returnedName(queue: string, messageId: unknown): string {
  return JSON.stringify([queue, messageId]);
}
