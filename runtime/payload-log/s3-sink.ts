import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { createGzip } from "node:zlib";
import type { Encryption, StaticCredentials } from "../pull/s3-access";
import { openBucket, type Bucket } from "../pull/open-bucket";
import { UsageError } from "../option-table";
import { unreadable } from "../unreadable";
import type { PayloadSink } from "./delivery-queue";

export interface S3SinkOptions {
  readonly bucket: string;
  readonly prefix: string;
  readonly flushBytes: number;
  readonly flushMs: number;
  readonly endpoint?: string;
  readonly region?: string;
  readonly accessKeyFile?: string;
  readonly secretKeyFile?: string;
  readonly encryption?: Encryption;
  /** @default that of the machine: in Kubernetes the pod's name */
  readonly host?: string;
  readonly now?: () => Date;
}

/** Attempts for an object, with the SDK's pauses between them; its entries are dropped then. */
const ATTEMPTS = 3;
/** Milliseconds for all of them. */
const TIMEOUT_MS = 30_000;
/** Characters that are handed to the compressor at a time: it works on another thread, but takes bytes. */
const PIECE = 65_536;

/**
 * Stores what gathers as objects of JSON lines, gzip: `<prefix>/date=2025-01-31/<host>-<start>-<sequence>.jsonl.gz`. Host and start
 * name the process, so that neither replicas nor a container that is started again ever write the same key.
 */
export class S3Sink implements PayloadSink {
  readonly gather: { readonly characters: number; readonly milliseconds: number };
  private readonly bucket: Bucket;
  private readonly writer: string;
  private readonly now: () => Date;
  private sequence = 0;

  /** @throws UsageError where the credentials cannot be read */
  constructor(private readonly options: S3SinkOptions) {
    const {
      endpoint,
      region,
      accessKeyFile,
      secretKeyFile,
      host = hostname(),
      now = () => new Date(),
    } = options;
    this.gather = { characters: options.flushBytes, milliseconds: options.flushMs };
    this.now = now;
    const stamp = now().toISOString().slice(0, 19).replace(/[-:]/g, "");
    const safeHost = host.replace(/[^A-Za-z0-9.-]/g, "_").slice(0, 100);
    this.writer = `${safeHost}-${stamp}Z${randomBytes(3).toString("hex")}`;
    const files = accessKeyFile && secretKeyFile ? { accessKeyFile, secretKeyFile } : undefined;
    // What cannot be read now is a mistake, whereas later it may be a Secret that is being replaced.
    if (files) readCredentials(files);
    this.bucket = openBucket(
      options.bucket,
      {
        endpoint,
        region,
        pathStyle: endpoint !== undefined,
        credentials: files && (() => readCredentials(files)),
        attempts: ATTEMPTS,
        flags: "--payload-s3",
      },
      (message, _transient, cause) => new Error(message, { cause }),
    );
  }

  async deliver(lines: readonly string[]): Promise<void> {
    const body = await compressed(lines);
    await this.bucket.put(this.nextKey(), body, {
      contentType: "application/x-ndjson",
      contentEncoding: "gzip",
      encryption: this.options.encryption,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  }

  close(): Promise<void> {
    this.bucket.close();
    return Promise.resolve();
  }

  private nextKey(): string {
    const { prefix } = this.options;
    const number = String(++this.sequence).padStart(6, "0");
    const name = `date=${this.now().toISOString().slice(0, 10)}/${this.writer}-${number}.jsonl.gz`;
    return prefix === "" ? name : `${prefix}/${name}`;
  }
}

/** In small pieces: requests have their turns between them. */
async function compressed(lines: readonly string[]): Promise<Buffer> {
  const gzip = createGzip();
  const pieces: Buffer[] = [];
  gzip.on("data", (piece: Buffer) => pieces.push(piece));
  const ended = once(gzip, "end");
  let text = "";
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length < PIECE) continue;
    if (!gzip.write(text)) await once(gzip, "drain");
    text = "";
  }
  gzip.end(text);
  await ended;
  return Buffer.concat(pieces);
}

function readCredentials(files: {
  readonly accessKeyFile: string;
  readonly secretKeyFile: string;
}): StaticCredentials {
  const read = (flag: string, file: string) => {
    let text: string;
    try {
      text = readFileSync(file, "utf8").trim();
    } catch (error) {
      throw unreadable(flag, file, error);
    }
    if (text === "") throw new UsageError(`\`${flag}\` (${file}) must be a file that is not empty.`);
    return text;
  };
  return {
    accessKeyId: read("--payload-s3-access-key-file", files.accessKeyFile),
    secretAccessKey: read("--payload-s3-secret-key-file", files.secretKeyFile),
  };
}
