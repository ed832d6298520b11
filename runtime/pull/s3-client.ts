/** Loaded only for `s3://` sources, and bundled apart from the server: it brings the AWS SDK along. */
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import type { Readable } from "node:stream";
import { messageOf } from "../message-of";
import type { Content } from "./resumable-download";
import type { PutOptions, S3Access, StaticCredentials } from "./s3-access";

export interface StoredObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
}

/** Makes the error that is thrown: bundled apart, this file would have a class of its own for it. */
export type Failure = (message: string, transient: boolean, cause: unknown) => Error;

/** A region has to be signed for even where an endpoint of one's own knows none. */
const ANY_REGION = "us-east-1";

/** Milliseconds for which the SDK keeps credentials before it asks for them again. */
const CREDENTIALS_LIFE_MS = 600_000;

/** The objects of one bucket. */
export class Bucket {
  private readonly client: S3Client;

  constructor(
    private readonly bucket: string,
    private readonly access: S3Access,
    private readonly fail: Failure,
  ) {
    // Its advice on Node's versions is for those who build programs, not for those who run this one.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
    this.client = new S3Client(configOf(access));
  }

  /** All objects below a prefix. */
  async list(prefix: string, most: number): Promise<StoredObject[]> {
    const objects: StoredObject[] = [];
    let token: string | undefined;
    do {
      const page = await this.ask(prefix, () =>
        this.client.send(
          new ListObjectsV2Command({ Bucket: this.bucket, Prefix: prefix, ContinuationToken: token }),
        ),
      );
      for (const { Key, Size, ETag } of page.Contents ?? []) {
        objects.push({ key: Key ?? "", size: Size ?? 0, etag: ETag ?? "" });
      }
      if (objects.length > most) {
        throw this.fail(`s3://${this.bucket}/${prefix} holds more than ${most} objects.`, false, undefined);
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
    return objects;
  }

  async find(key: string): Promise<StoredObject> {
    const { ContentLength = 0, ETag = "" } = await this.ask(key, () =>
      this.client.send(new HeadObjectCommand({ Bucket: this.bucket, Key: key })),
    );
    return { key, size: ContentLength, etag: ETag };
  }

  /** An object's content from `offset` on, as it was when its tag was read. */
  async open({ key, size, etag }: StoredObject, offset: number, signal: AbortSignal): Promise<Content> {
    const answer = await this.ask(key, () =>
      this.client.send(
        new GetObjectCommand({
          Bucket: this.bucket,
          Key: key,
          IfMatch: etag || undefined,
          Range: offset > 0 ? `bytes=${offset}-` : undefined,
        }),
        { abortSignal: signal },
      ),
    );
    const from = Number(/^bytes (\d+)-/.exec(answer.ContentRange ?? "")?.[1] ?? 0);
    // It may break before anybody reads it; whoever then does learns of it.
    const body = (answer.Body as Readable).on("error", () => undefined);
    signal.addEventListener("abort", () => body.destroy(signal.reason as Error));
    return { body, offset: from, size, validator: etag };
  }

  /** Stores an object, in place of one with that key. */
  async put(key: string, body: Buffer, options: PutOptions): Promise<void> {
    const { contentType, contentEncoding, encryption, signal } = options;
    const command = new PutObjectCommand({
      Bucket: this.bucket,
      Key: key,
      Body: body,
      ContentType: contentType,
      ContentEncoding: contentEncoding,
      ServerSideEncryption: encryption?.algorithm,
      SSEKMSKeyId: encryption?.kmsKey,
    });
    await this.ask(key, () => this.client.send(command, { abortSignal: signal }), "stored");
  }

  close(): void {
    this.client.destroy();
  }

  private async ask<T>(key: string, request: () => Promise<T>, done = "fetched"): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw this.failure(key, error, done);
    }
  }

  private failure(key: string, error: unknown, done: string): Error {
    const { name = "", $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode;
    const transient = status === undefined ? isConnection(error) : status >= 500 || status === 429;
    const why = reason(name, status, error, this.access.flags ?? "--s3");
    return this.fail(`s3://${this.bucket}/${key} cannot be ${done}: ${why}.`, transient, error);
  }
}

function configOf(access: S3Access): S3ClientConfig {
  const { endpoint, region, pathStyle, anonymous, credentials, attempts = 1 } = access;
  return {
    endpoint,
    // Without one of ours the SDK looks in its environment and files.
    region:
      region ??
      (endpoint === undefined ? undefined : () => Promise.resolve(process.env.AWS_REGION ?? ANY_REGION)),
    forcePathStyle: pathStyle,
    ...(anonymous ? { signer: { sign: (request) => Promise.resolve(request) } } : {}),
    ...(credentials ? { credentials: () => Promise.resolve(expiring(credentials())) } : {}),
    // Not every store knows the checksums that the SDK adds of its own accord; TLS and the signature cover the content.
    ...(endpoint === undefined ? {} : { requestChecksumCalculation: "WHEN_REQUIRED" }),
    // Those of a pull are made by the pull, which tells of each.
    maxAttempts: attempts,
  };
}

const expiring = (credentials: StaticCredentials) => ({
  ...credentials,
  expiration: new Date(Date.now() + CREDENTIALS_LIFE_MS),
});

function isConnection(error: unknown): boolean {
  const { code = "", name = "" } = error as { code?: string; name?: string };
  return (
    /^(ECONN|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND)/.test(code) ||
    name === "TimeoutError" ||
    name === "AbortError"
  );
}

function reason(
  name: string,
  status: number | undefined,
  error: unknown,
  flags: NonNullable<S3Access["flags"]>,
): string {
  const elsewhere = `the bucket is in another region; \`${flags}-region\` names it`;
  switch (name) {
    case "CredentialsProviderError":
      return `there are no AWS credentials in the environment, files or metadata service${flags === "--s3" ? " (`--s3-anonymous` asks without)" : ""}`;
    case "NoSuchBucket":
      return "there is no such bucket";
    case "NoSuchKey":
    case "NotFound":
      return "there is no such object";
    case "PreconditionFailed":
      return "the object changed while it was fetched; pull again";
    case "PermanentRedirect":
    case "AuthorizationHeaderMalformed":
      return elsewhere;
    case "AccessDenied":
    case "InvalidAccessKeyId":
    case "SignatureDoesNotMatch":
    case "ExpiredToken":
      return `the store refused the credentials (${name})`;
    default:
      if (status === 301) return elsewhere;
      if (status === 403) return "the store refused the credentials (403)";
      return status === undefined
        ? messageOf(error)
        : `the store answered ${status} (${name || "no reason"})`;
  }
}
