import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { PullFailure } from "./pull-failure";
import { withRetries } from "./retry";

/** What a source answers when it is asked for its content from some byte on. */
export interface Content {
  readonly body: Readable;
  /** Byte of the content at which `body` begins; 0 where the source starts over instead of going on. */
  readonly offset: number;
  /** Bytes of the whole content, where the source says. */
  readonly size?: number;
  /** Names the state of the content, so that only the same one is gone on with. */
  readonly validator?: string;
}

export interface Source {
  /** For messages. */
  readonly name: string;
  /** Digest that the content must have, in hex. It makes a part trustworthy that came without a validator. */
  readonly sha256?: string;
  /** Names the content's state as a validator does, where that is known beforehand. */
  readonly tag?: string;
  /** Bytes that the content must have, where that is known beforehand. */
  readonly size?: number;
  /** @param validator what the first answer gave; the source starts over where the content has changed since */
  open(offset: number, validator: string | undefined, signal: AbortSignal): Promise<Content>;
}

export interface DownloadOptions {
  /** Bytes that a file may have. */
  readonly maxBytes: number;
  readonly onRetry: (error: unknown, waitMs: number) => void;
  /** Replaced in tests. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

/** Milliseconds that a source may send nothing before the connection counts as broken. */
const IDLE_TIMEOUT_MS = 60_000;

/** Bytes after which attempts are counted anew. */
const PROGRESS_BYTES = 1024 * 1024;

/**
 * Downloads to a file, from its end on where it was begun before; broken connections are resumed. The file is whole and
 * has its digest when this resolves, and is gone when the content is not what it must be.
 */
export async function downloadTo(file: string, source: Source, options: DownloadOptions): Promise<void> {
  const download = new Download(file, source, options);
  const begun = (await sizeOf(file)) > 0;
  await download.run();
  if (await download.hasDigest()) return;
  // What an earlier pull left may have been spoilt; a second look at the source tells.
  if (begun) {
    await rm(file, { force: true });
    await download.run();
    if (await download.hasDigest()) return;
  }
  await rm(file, { force: true });
  throw new PullFailure(
    `${source.name} arrived with the digest sha256:${download.actual}, but must have sha256:${source.sha256}.`,
  );
}

class Download {
  actual = "";
  /** Bytes of the content that were written, from its beginning. */
  private received = 0;
  private validator: string | undefined;

  constructor(
    private readonly file: string,
    private readonly source: Source,
    private readonly options: DownloadOptions,
  ) {
    this.validator = source.tag;
  }

  async run(): Promise<void> {
    let reached = await sizeOf(this.file);
    const progressed = () => {
      if (this.received - reached < PROGRESS_BYTES) return false;
      reached = this.received;
      return true;
    };
    try {
      await withRetries(() => this.attempt(), this.options.onRetry, this.options.wait, progressed);
    } catch (error) {
      if (error instanceof PullFailure && !error.transient) await rm(this.file, { force: true });
      throw error;
    }
  }

  async hasDigest(): Promise<boolean> {
    const { sha256 } = this.source;
    if (sha256 === undefined) return true;
    const hash = createHash("sha256");
    await pipeline(createReadStream(this.file), hash);
    this.actual = hash.digest("hex");
    return this.actual === sha256;
  }

  private async attempt(): Promise<void> {
    const { source } = this;
    let offset = await sizeOf(this.file);
    // Without a digest or a validator nobody could tell whether both parts are of the same content.
    if (source.sha256 === undefined && this.validator === undefined) offset = 0;
    if (source.size !== undefined && source.size > 0 && offset >= source.size) {
      if (offset === source.size) return;
      offset = 0;
    }
    const silence = new Silence();
    try {
      const content = await source.open(offset, this.validator, silence.signal);
      this.validator = source.tag ?? content.validator;
      await this.write(content, silence);
    } finally {
      silence.end();
    }
  }

  private async write(content: Content, silence: Silence): Promise<void> {
    const { source, file } = this;
    const size = source.size ?? content.size;
    const limit = Math.min(size ?? Infinity, this.options.maxBytes);
    this.received = content.offset;
    const count = new Transform({
      transform: (chunk: Buffer, _encoding, callback) => {
        silence.heard();
        this.received += chunk.length;
        callback(this.received > limit ? this.tooLarge(size) : null, chunk);
      },
    });
    const flags = content.offset === 0 ? "w" : "r+";
    const into = createWriteStream(file, { flags, start: content.offset, mode: 0o644 });
    await pipeline(content.body, count, into);
    if (size !== undefined && this.received < size) {
      throw new PullFailure(`${source.name} ended after ${this.received} of ${size} bytes.`, true);
    }
  }

  private tooLarge(size: number | undefined): PullFailure {
    const { name } = this.source;
    const { maxBytes } = this.options;
    if (size !== undefined && size <= maxBytes) {
      return new PullFailure(`${name} is larger than the ${size} bytes it should be.`);
    }
    return new PullFailure(`${name} is larger than \`--max-bytes\` (${maxBytes}).`);
  }
}

/** Ends a connection over which nothing comes any more. */
class Silence {
  private readonly controller = new AbortController();
  private timer = this.start();

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  heard(): void {
    this.timer.refresh();
  }

  end(): void {
    clearTimeout(this.timer);
  }

  private start(): NodeJS.Timeout {
    const reason = new PullFailure(`Nothing came for ${IDLE_TIMEOUT_MS / 1000} seconds.`, true);
    return setTimeout(() => this.controller.abort(reason), IDLE_TIMEOUT_MS);
  }
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}
