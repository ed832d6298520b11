import type {
  Delivery,
  Handler,
  Lag,
  MessageQueue,
  Outgoing,
} from "../../../../runtime/consumer/message-queue";

export interface Published {
  readonly delivery: Delivery;
  readonly message: Omit<Outgoing, "body">;
  readonly body: Buffer | undefined;
}

/** A broker at the consumer's own interface: stores what it is given, or throws what a test wants thrown first. */
export class FakeQueue implements MessageQueue {
  connectedOnce = false;
  connected = false;
  readonly results: Published[] = [];
  readonly deadLetters: Published[] = [];
  /** Thrown by the next attempts to publish, in order. */
  readonly resultFailures: Error[] = [];
  readonly deadLetterFailures: Error[] = [];
  handler: Handler | undefined;
  stops = 0;

  start(handler: Handler): void {
    this.handler = handler;
    this.connected = this.connectedOnce = true;
  }

  async publishResult(delivery: Delivery, message: Outgoing): Promise<void> {
    const failure = this.resultFailures.shift();
    if (failure) throw failure;
    this.results.push({ delivery, message, body: message.body });
  }

  async publishDeadLetter(
    delivery: Delivery,
    message: Omit<Outgoing, "body">,
    withBody: boolean,
  ): Promise<void> {
    const failure = this.deadLetterFailures.shift();
    if (failure) throw failure;
    this.deadLetters.push({ delivery, message, body: withBody ? delivery.body : undefined });
  }

  async stop(): Promise<void> {
    this.stops++;
  }

  async close(): Promise<void> {
    this.connected = false;
  }

  async lag(): Promise<Lag> {
    return new Map([["0", 7]]);
  }
}

export function delivery(body: string | Buffer, headers: Record<string, string> = {}): Delivery {
  return { body: Buffer.from(body), headers, origin: "requests/0/17", identity: "requests/0/17" };
}
