import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export const digestOf = (bytes: Buffer | string) =>
  `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** A registry of blobs and manifests by digest; `failures` requests are answered 503 first. */
export class TestRegistry {
  readonly blobs = new Map<string, Buffer>();
  failures = 0;
  token: string | undefined;
  /** Credentials that the token service asks for. */
  login: string | undefined;
  /** Where blobs are to be had instead. */
  leadsTo: string | undefined;
  /** Bytes after which the next blob breaks off. */
  breakAfter: number | undefined;
  readonly requests: string[] = [];
  private readonly server: Server = createServer((request, response) => {
    const digest = decodeURIComponent(request.url ?? "")
      .split("/")
      .pop()!;
    this.requests.push(`${digest.slice(0, 14)} ${request.headers.range ?? "all"}`);
    if (request.url?.startsWith("/token")) {
      const known = this.login === undefined || request.headers.authorization === this.login;
      return void response
        .writeHead(known ? 200 : 401)
        .end(known ? JSON.stringify({ token: this.token }) : "");
    }
    if (this.token && request.headers.authorization !== `Bearer ${this.token}`) {
      return void response
        .writeHead(401, { "www-authenticate": `Bearer realm="http://${this.host}/token",service="s"` })
        .end();
    }
    if (this.leadsTo !== undefined && request.url?.includes("/blobs/")) {
      return void response.writeHead(307, { location: this.leadsTo }).end();
    }
    if (this.failures-- > 0) return void response.writeHead(503).end();
    const blob = this.blobs.get(digest);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    if (blob && from > 0) {
      const range = `bytes ${from}-${blob.length - 1}/${blob.length}`;
      return void response.writeHead(206, { "content-range": range }).end(blob.subarray(from));
    }
    if (blob && this.breakAfter !== undefined && blob.length > this.breakAfter) {
      response.writeHead(200, { "content-length": blob.length }).write(blob.subarray(0, this.breakAfter));
      // A token that was good for the first part need not be for the next.
      if (this.token) this.token += "2";
      const wanted = this.breakAfter;
      this.breakAfter = undefined;
      const look = setInterval(() => {
        if (this.written() < wanted) return;
        clearInterval(look);
        response.destroy();
      }, 2);
      return;
    }
    response.writeHead(blob ? 200 : 404).end(blob);
  });

  written: () => number = () => Infinity;

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** @returns the artifact's reference */
  push(files: Record<string, Buffer | string>, annotations?: Record<string, string>): string {
    const layers = Object.entries(files).map(([title, content]) => {
      const bytes = Buffer.from(content as string);
      this.blobs.set(digestOf(bytes), bytes);
      return {
        digest: digestOf(bytes),
        size: bytes.length,
        annotations: { "org.opencontainers.image.title": title },
      };
    });
    const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, layers, annotations }));
    this.blobs.set(digestOf(manifest), manifest);
    return `oci://${this.host}/models/add@${digestOf(manifest)}`;
  }
}
