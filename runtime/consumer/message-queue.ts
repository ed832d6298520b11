/** One message as the consumer sees it, whichever broker it came from. */
export interface Delivery {
  readonly body: Buffer;
  /** Names in lower case, values as text. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where it lies, for people: `topic/partition/offset`, or the queue's name. */
  readonly origin: string;
  /** What its sender called it, by the broker's own means. */
  readonly messageId?: string;
  /** The same at every delivery of the same message: what its result is called where nobody named the request. */
  readonly identity: string;
}

/** What is published. */
export interface Outgoing {
  /** Kafka's message key, AMQP's `message-id`. */
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Whoever handles messages; promises whether the message is settled and need not be delivered again. Never rejects. */
export type Handler = (delivery: Delivery) => Promise<boolean>;

/** Messages by partition that nobody has settled yet; a broker without partitions has one, named "". */
export type Lag = ReadonlyMap<string, number>;

/**
 * The queues of a broker. It reconnects by itself, hands over no more messages than it was told may be in flight, and tells
 * the broker that a message is done only after its handler has said so.
 */
export interface MessageQueue {
  /** Whether it has been connected and able to consume, ever: what comes later mends itself. */
  readonly connectedOnce: boolean;
  readonly connected: boolean;
  /** Begins to connect and to consume; returns at once. */
  start(handler: Handler): void;
  /** Resolves when the broker has stored the message. @throws Refused where it never will */
  publishResult(delivery: Delivery, message: Outgoing): Promise<void>;
  /** The original with further headers; without its body where `withBody` is false. @throws Refused */
  publishDeadLetter(delivery: Delivery, message: Omit<Outgoing, "body">, withBody: boolean): Promise<void>;
  /** Takes no further messages; resolves when all that were handed over are handled, and the broker knows it. */
  stop(): Promise<void>;
  /** Leaves at once; what is in flight will be delivered again. */
  close(): Promise<void>;
  /** @throws where the broker does not say */
  lag(): Promise<Lag>;
}

/** The broker will never take this message, however often it is sent: it is too large, above all. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** By its name: the parts that talk to brokers are bundled apart, each with a class of its own. */
export function isRefused(error: unknown): boolean {
  return error instanceof Error && error.name === "Refused";
}
