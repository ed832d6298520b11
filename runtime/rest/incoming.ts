import { IncomingMessage } from "node:http";

/** Takes a request's body as it comes. */
export interface BodySink {
  data(piece: Buffer): void;
  /** The body is complete. */
  end(): void;
}

/** Reads on and forgets. */
export const DISCARD: BodySink = { data: () => undefined, end: () => undefined };

/**
 * A request that hands its body straight to whoever wants it. The stream that an IncomingMessage is otherwise schedules
 * several ticks and events for each body, which is a tenth of what a small request costs.
 */
export class Incoming extends IncomingMessage {
  /** Whether the whole request has arrived. */
  bodyEnded = false;
  private sink: BodySink | undefined;
  /** What came before anybody wanted it. */
  private held: Buffer[] | undefined;

  /** Who takes the body from now on, with what was held back so far. */
  deliverTo(sink: BodySink): void {
    this.sink = sink;
    const { held } = this;
    if (held === undefined) {
      if (this.bodyEnded) sink.end();
      return;
    }
    this.held = undefined;
    for (const piece of held) sink.data(piece);
    if (this.bodyEnded) sink.end();
    // Reading was stopped when the first piece was held back.
    else this._read(0);
  }

  /** Nobody will want the body, if nobody has asked for it yet. */
  discard(): void {
    if (this.sink === undefined) this.deliverTo(DISCARD);
  }

  /** Called by Node's parser with each piece, and with null at the end. False stops the reading of the connection. */
  override push(piece: Buffer | null): boolean {
    const { sink } = this;
    if (piece === null) {
      this.bodyEnded = true;
      sink?.end();
      return true;
    }
    if (sink !== undefined) {
      sink.data(piece);
      return true;
    }
    (this.held ??= []).push(piece);
    return false;
  }

  /** Called by Node when the answer is out and nobody has read the stream, which here nobody ever does. */
  _dump(): void {
    this.discard();
  }
}
