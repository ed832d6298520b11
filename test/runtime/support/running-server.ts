import { createServer, type Server, type ServerDependencies, type ServerOptions } from "../../../runtime";
import { spawnBundledWorker } from "./bundled-worker";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers field by field
  readonly body: any;
}

/** A server on free loopback ports with what tests do to it. */
export class RunningServer {
  private constructor(readonly server: Server) {}

  static async start(
    modelRepository: string,
    options: Partial<ServerOptions> = {},
    dependencies: ServerDependencies = {},
  ): Promise<RunningServer> {
    const ports = { host: "127.0.0.1", httpPort: 0, grpcPort: 0, metricsPort: 0 };
    const spawn = spawnBundledWorker;
    const server = createServer({ modelRepository, ...ports, ...options }, { spawn, ...dependencies });
    await server.start();
    return new RunningServer(server);
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.server.ports().http}${path}`;
  }

  get grpcAddress(): string {
    return `127.0.0.1:${this.server.ports().grpc}`;
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(this.url(path), { method, headers, body: text });
    const answer = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: answer === "" ? undefined : JSON.parse(answer),
    };
  }

  infer(model: string, body: unknown): Promise<Answer> {
    return this.call("POST", `/v2/models/${model}/infer`, body);
  }

  async metrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.server.ports().metrics}/metrics`)).text();
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
