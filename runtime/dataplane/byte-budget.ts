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
    let own = 0;
    return {
      take: (bytes) => {
        if (this.held + bytes > this.limit) {
          throw new ServerError(
            "Overloaded",
            `Requests hold the ${this.limit} bytes that \`--max-pending-bytes\` allows already; retry later.`,
          );
        }
        this.held += bytes;
        own += bytes;
      },
      release: () => {
        this.held -= own;
        own = 0;
      },
    };
  }
}

export interface ByteShare {
  /** Adds to the share. @throws Overloaded, with the share as it was */
  take(bytes: number): void;
  /** Gives everything back; again does nothing. */
  release(): void;
}
