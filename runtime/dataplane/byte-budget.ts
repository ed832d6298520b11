import { ServerError } from "../errors";

/**
 * Bounds the memory of all requests together: a queue that is bounded in requests alone would still hold as many times
 * the largest body.
 */
export class ByteBudget {
  private held = 0;

  /** @param limit bytes */
  constructor(private readonly limit: number) {}

  get heldBytes(): number {
    return this.held;
  }

  /** The share of one request; to be released when the request is answered or given up. */
  open(): ByteShare {
    return new ByteShare(this);
  }

  /** For shares: whether so many bytes are within the limit at all, were nobody else to hold any. */
  allows(bytes: number): boolean {
    return bytes <= this.limit;
  }

  /** For shares. @throws Overloaded */
  take(bytes: number): void {
    if (this.held + bytes > this.limit) {
      throw new ServerError(
        "Overloaded",
        `Requests hold the ${this.limit} bytes that \`--max-pending-bytes\` allows already; retry later.`,
      );
    }
    this.held += bytes;
  }

  /** For shares: of what is there already, however much it is. */
  add(bytes: number): void {
    this.held += bytes;
  }

  /** For shares. */
  release(bytes: number): void {
    this.held -= bytes;
  }
}

export class ByteShare {
  private own = 0;

  constructor(private readonly budget: ByteBudget) {}

  /** Whether there will be so much more for this request once others are answered. */
  couldTake(bytes: number): boolean {
    return this.budget.allows(this.own + bytes);
  }

  /** Adds to the share. @throws Overloaded, with the share as it was */
  take(bytes: number): void {
    this.budget.take(bytes);
    this.own += bytes;
  }

  /** Gives a part back. */
  giveBack(bytes: number): void {
    this.budget.release(bytes);
    this.own -= bytes;
  }

  /**
   * Becomes the share of an answer that waits for its client, in place of what the request took. Never refused: the answer is
   * there, and only requests to come can be kept out.
   */
  holdAnswer(bytes: number): void {
    this.budget.add(bytes - this.own);
    this.own = bytes;
  }

  /** Gives everything back; again does nothing. */
  release(): void {
    this.budget.release(this.own);
    this.own = 0;
  }
}
