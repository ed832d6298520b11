import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { LocalServer } from "./local-server";

/** A web server of files that takes ranges, and fails as the test says. */
export class FileServer extends LocalServer {
  readonly files = new Map<string, Buffer>();
  /** `path range` of each request. */
  readonly requests: string[] = [];
  readonly redirects = new Map<string, string>();
  /** Bytes after which the next answers break off, one each. */
  breaks: number[] = [];
  /** How much of the content has reached the client's file: a break discards what it has not written yet. */
  written: () => number = () => Infinity;
  /** Whether ranges are taken at all. */
  ranges = true;
  /** The `Authorization` header that is asked for. */
  authorization: string | undefined;
  tags = true;

  reset(): void {
    this.files.clear();
    this.requests.length = 0;
    this.redirects.clear();
    this.breaks = [];
    this.written = () => Infinity;
    this.ranges = this.tags = true;
    this.authorization = undefined;
  }

  url(path: string): string {
    return `http://${this.host}${path}`;
  }

  protected answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url!.split("?")[0]!;
    this.requests.push(`${path} ${request.headers.range ?? "all"}`);
    const redirect = this.redirects.get(path);
    if (redirect !== undefined) return void response.writeHead(302, { location: redirect }).end();
    if (this.authorization !== undefined && request.headers.authorization !== this.authorization) {
      return void response.writeHead(401).end();
    }
    const content = this.files.get(path);
    if (!content) return void response.writeHead(404).end("no such file");
    const etag = `"${createHash("sha256").update(content).digest("hex").slice(0, 16)}"`;
    const tag: Record<string, string> = this.tags ? { etag } : {};
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? "");
    const same = request.headers["if-range"] === undefined || request.headers["if-range"] === etag;
    const from = range && this.ranges && same ? Number(range[1]) : 0;
    if (from >= content.length && from > 0) {
      return void response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
    }
    const rest = content.subarray(from);
    const headers = { ...tag, "content-length": rest.length };
    const last = `bytes ${from}-${content.length - 1}/${content.length}`;
    response.writeHead(from > 0 ? 206 : 200, from > 0 ? { ...headers, "content-range": last } : headers);
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
