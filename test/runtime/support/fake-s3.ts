import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { LocalServer } from "./local-server";

export const ACCESS_KEY = "AKIATEST";
export const SECRET_KEY = "test-secret";

/**
 * A stand-in for an S3 store, path style: one bucket, kept in memory. It checks every request's signature (Signature
 * Version 4) by itself, pages its lists, and breaks off answers as the test says.
 */
export class FakeS3 extends LocalServer {
  readonly objects = new Map<string, Buffer>();
  readonly requests: string[] = [];
  pageSize = 1000;
  /** Whether requests must be signed. */
  signed = true;
  breaks: number[] = [];
  written: () => number = () => Infinity;
  /** Headers of the objects that were stored, by key. */
  readonly stored = new Map<string, IncomingMessage["headers"]>();
  /** Statuses that the next requests are answered with. */
  failures: number[] = [];

  constructor(readonly bucket: string) {
    super();
  }

  reset(): void {
    this.objects.clear();
    this.stored.clear();
    this.requests.length = 0;
    this.pageSize = 1000;
    this.signed = true;
    this.breaks = [];
    this.failures = [];
    this.written = () => Infinity;
  }

  protected answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, `http://${this.host}`);
    const [bucket, ...rest] = decodeURIComponent(url.pathname).slice(1).split("/");
    const key = rest.join("/");
    this.requests.push(
      `${request.method} ${key || `list ${url.searchParams.get("prefix")}`} ${request.headers.range ?? "all"}`,
    );
    const refuse = (status: number, code: string) =>
      response
        .writeHead(status, { "content-type": "application/xml" })
        .end(`<Error><Code>${code}</Code></Error>`);
    const failure = this.failures.shift();
    if (failure !== undefined) {
      request.resume();
      return void refuse(failure, "InternalError");
    }
    if (this.signed && request.headers.authorization !== expectedAuthorization(request, url)) {
      return void refuse(403, request.headers.authorization ? "SignatureDoesNotMatch" : "AccessDenied");
    }
    if (!this.signed && request.headers.authorization) return void refuse(400, "Signed");
    if (bucket !== this.bucket) return void refuse(404, "NoSuchBucket");
    if (request.method === "PUT") return void this.take(request, response, key, refuse);
    if (key === "") return this.list(url, response);
    const content = this.objects.get(key);
    if (!content) return void refuse(404, "NoSuchKey");
    this.give(request, response, content, refuse);
  }

  /** Stores an object whose content is what its signature speaks of. */
  private async take(
    request: IncomingMessage,
    response: ServerResponse,
    key: string,
    refuse: (status: number, code: string) => void,
  ): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    const body = Buffer.concat(pieces);
    const digest = createHash("sha256").update(body).digest("hex");
    if (request.headers["x-amz-content-sha256"] !== digest) return refuse(400, "XAmzContentSHA256Mismatch");
    this.objects.set(key, body);
    this.stored.set(key, request.headers);
    response.writeHead(200, { etag: tagOf(body) }).end();
  }

  private list(url: URL, response: ServerResponse): void {
    const prefix = url.searchParams.get("prefix") ?? "";
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    const from = Number(url.searchParams.get("continuation-token") ?? 0);
    const end = from + this.pageSize;
    const contents = keys.slice(from, end).map((key) => {
      const bytes = this.objects.get(key)!;
      return `<Contents><Key>${key}</Key><ETag>${tagOf(bytes)}</ETag><Size>${bytes.length}</Size></Contents>`;
    });
    const more = end < keys.length;
    const next = more ? `<NextContinuationToken>${end}</NextContinuationToken>` : "";
    response.writeHead(200, { "content-type": "application/xml" });
    response.end(
      `<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents.join("")}</ListBucketResult>`,
    );
  }

  private give(
    request: IncomingMessage,
    response: ServerResponse,
    content: Buffer,
    refuse: (status: number, code: string) => void,
  ): void {
    const etag = tagOf(content);
    const wanted = request.headers["if-match"];
    if (wanted !== undefined && wanted !== etag) return refuse(412, "PreconditionFailed");
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const rest = content.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      etag,
      "content-length": rest.length,
      ...(from > 0 ? { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
    });
    if (request.method === "HEAD") return void response.end();
    const breakAfter = this.breaks.shift();
    if (breakAfter === undefined) return void response.end(rest);
    response.write(rest.subarray(0, breakAfter));
    const look = setInterval(() => {
      if (this.written() < from + breakAfter) return;
      clearInterval(look);
      response.destroy();
    }, 2);
  }
}

function tagOf(bytes: Buffer): string {
  return `"${createHash("md5").update(bytes).digest("hex")}"`;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: Buffer | string, text: string) => createHmac("sha256", key).update(text).digest();
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** Signature Version 4 as its specification has it, of what really arrived. */
function expectedAuthorization({ method, headers }: IncomingMessage, url: URL): string {
  const [, scope = "", signedHeaders = ""] =
    /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+)/.exec(headers.authorization ?? "") ?? [];
  const [day = "", region = "", service = ""] = scope.split("/");
  const query = [...url.searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join("&");
  const path = url.pathname
    .split("/")
    .map((part) => encoded(decodeURIComponent(part)))
    .join("/");
  const canonicalHeaders = signedHeaders
    .split(";")
    .map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const payload = String(headers["x-amz-content-sha256"]);
  const canonical = [method, path, query, canonicalHeaders.join(""), signedHeaders, payload].join("\n");
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const key = [day, region, service, "aws4_request"].reduce<Buffer | string>(hmac, `AWS4${SECRET_KEY}`);
  const signature = createHmac("sha256", key).update(text).digest("hex");
  return `AWS4-HMAC-SHA256 Credential=${ACCESS_KEY}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}
