import { invalid } from "../../errors";
import { decompress, type Encoding } from "./compression";
import { MessageReader } from "./message-reader";

/** Where the messages of a call go. */
export interface IncomingSink {
  /** A message, unpacked; in the order in which they were sent. */
  message(bytes: Buffer): void;
  /** What has come so far is unpacked and handed on. */
  caughtUp(): void;
  /** Bytes that unpacking added. @throws where they are more than may be held */
  unpacked(bytes: number): void;
  /** All messages are there. */
  complete(): void;
  failed(error: unknown): void;
}

/** Makes the messages of a call out of its bytes. */
export class Incoming {
  private readonly reader: MessageReader;
  /** Settles when what was compressed so far has been handed on. */
  private unpacking: Promise<void> | undefined;
  /** Messages that have come, but wait to be unpacked. */
  private waiting = 0;
  private stopped = false;

  /** @param limit bytes of a message */
  constructor(
    private readonly sink: IncomingSink,
    private readonly encoding: Encoding | undefined,
    private readonly limit: number,
  ) {
    this.reader = new MessageReader(limit, (message, compressed) => this.received(message, compressed));
  }

  /** @throws what the message is refused with */
  push(chunk: Buffer): void {
    this.reader.push(chunk);
  }

  /** Whether messages wait to be unpacked; until the sink hears that it has caught up, more had better not come. */
  get isBehind(): boolean {
    return this.waiting > 0;
  }

  /** Number of the message of which a part has come; undefined between messages. */
  get unfinished(): number | undefined {
    return this.reader.complete ? undefined : this.reader.count;
  }

  /** The client sends no more. @throws 400 within a message */
  end(): void {
    if (!this.reader.complete) throw invalid("The call ended within a message.");
    if (this.unpacking) void this.unpacking.then(() => this.stopped || this.sink.complete());
    else this.sink.complete();
  }

  /** Hands nothing on any more. */
  stop(): void {
    this.stopped = true;
  }

  private received(message: Buffer, compressed: boolean): void {
    if (!compressed && !this.unpacking) this.sink.message(message);
    // Messages keep their order, whichever are compressed.
    else {
      this.waiting++;
      this.unpacking = (this.unpacking ?? Promise.resolve())
        .then(() => this.unpack(message, compressed))
        .finally(() => --this.waiting === 0 && this.sink.caughtUp());
    }
  }

  private async unpack(message: Buffer, compressed: boolean): Promise<void> {
    if (this.stopped) return;
    try {
      const bytes = compressed ? await decompress(message, this.encoding, this.limit) : message;
      if (this.stopped) return;
      if (compressed) this.sink.unpacked(bytes.length);
      this.sink.message(bytes);
    } catch (error) {
      this.sink.failed(error);
    }
  }
}
