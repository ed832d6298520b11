import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/* eslint-disable @typescript-eslint/no-explicit-any -- tests read what was sent field by field */

/** An OTLP/HTTP receiver: keeps what it is sent. */
export class OtlpReceiver {
  readonly bodies: { path: string; headers: IncomingHttpHeaders; body: any }[] = [];
  /** Status of its answers. */
  status = 200;
  /** Answers wait for it. */
  hold: Promise<void> = Promise.resolve();
  private readonly server: Server;
  private waiting: (() => void)[] = [];

  private constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = JSON.parse(Buffer.concat(chunks).toString());
        this.bodies.push({ path: request.url!, headers: request.headers, body });
        for (const wake of this.waiting.splice(0)) wake();
        void this.hold.then(() =>
          response.writeHead(this.status, { "content-type": "application/json" }).end("{}"),
        );
      });
    });
  }

  static async start(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver();
    await new Promise<void>((resolve) => receiver.server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get resource(): Record<string, any> {
    const { body } = this.bodies[0]!;
    return attributesOf((body.resourceSpans ?? body.resourceLogs)[0].resource);
  }

  get spans(): any[] {
    return this.bodies
      .flatMap(({ body }) => body.resourceSpans ?? [])
      .flatMap((each) => each.scopeSpans)
      .flatMap((each) => each.spans);
  }

  get logs(): any[] {
    return this.bodies
      .flatMap(({ body }) => body.resourceLogs ?? [])
      .flatMap((each) => each.scopeLogs)
      .flatMap((each) => each.logRecords);
  }

  /** Resolves with the next body's arrival. */
  next(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** OTLP's list of attributes as an object. */
export function attributesOf({ attributes }: { attributes: any[] }): Record<string, any> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
