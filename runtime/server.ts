import type { Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import pino, { type Logger } from "pino";
import { ByteBudget } from "./dataplane/byte-budget";
import { DataPlane } from "./dataplane/dataplane";
import type { GrpcListener } from "./grpc/grpc-server";
import { messageOf } from "./message-of";
import { Metrics } from "./metrics/metrics";
import { createMetricsServer } from "./metrics/metrics-server";
import { ModelRegistry, type IndexEntry } from "./models/registry";
import type { SpawnWorker } from "./models/worker-instance";
import { resolveServerOptions, type ServerOptions } from "./options";
import { Connections } from "./rest/connections";
import { createHttpListener } from "./rest/http-server";
import { createRestHandler } from "./rest/rest-handler";
import { KeyPairWatcher } from "./tls";
import { VERSION } from "./version";

/** Ports that were bound; they differ from the options where those were 0. */
export interface BoundPorts {
  readonly http: number;
  readonly grpc: number;
  readonly metrics: number;
}

export interface ServerDependencies {
  /** @default silent */
  readonly log?: Logger;
  /** Starts worker threads; replaced in tests. */
  readonly spawn?: SpawnWorker;
}

/** An inference server: create, `start`, and in the end `drain` or `close`. */
export interface Server {
  readonly options: ServerOptions;
  /**
   * Binds the three ports, then loads the models; answers as soon as the ports are bound. Resolves when loading has
   * ended, with failed models recorded in the repository index rather than thrown.
   * @throws PortUnavailable, leaving nothing open
   */
  start(): Promise<void>;
  /** @throws before the ports are bound */
  ports(): BoundPorts;
  ready(): boolean;
  /** Every version of every model, with its state and why it cannot be served. */
  models(): IndexEntry[];
  /**
   * Stops gracefully: readiness says no at once, after `drainDelay` no connection is taken any more, requests in
   * flight are answered; whatever is left at `drainTimeout` is cut off. Resolves with whether everything was answered.
   */
  drain(): Promise<boolean>;
  /** Stops at once. */
  close(): Promise<void>;
}

/** A port could not be bound; the message is one sentence for the operator. */
export class PortUnavailable extends Error {
  override readonly name = "PortUnavailable";
  readonly exitCode = 1;
}

/**
 * Makes a server from options as `slipway serve` takes them, in camelCase.
 * @throws UsageError for options that do not fit
 */
export function createServer(given: Partial<ServerOptions>, dependencies: ServerDependencies = {}): Server {
  return new InferenceServer(resolveServerOptions(given), dependencies);
}

class InferenceServer implements Server {
  private readonly log: Logger;
  private readonly tls: KeyPairWatcher | undefined;
  private readonly registry: ModelRegistry;
  private readonly dataPlane: DataPlane;
  private readonly budget: ByteBudget;
  private readonly metrics: Metrics;
  private readonly http: HttpServer;
  private readonly connections: Connections;
  private readonly metricsServer: HttpServer;
  private grpc: GrpcListener | undefined;
  private bound: BoundPorts | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    readonly options: ServerOptions,
    { log = pino({ level: "silent" }), spawn }: ServerDependencies,
  ) {
    this.log = log;
    const { tlsCert, tlsKey } = options;
    this.tls = tlsCert && tlsKey ? KeyPairWatcher.open(tlsCert, tlsKey, log) : undefined;
    this.metrics = new Metrics(() => this.ready());
    this.registry = new ModelRegistry({ ...options, metrics: this.metrics, log, spawn });
    this.dataPlane = new DataPlane(this.registry, { ...options, serverVersion: VERSION });
    this.budget = new ByteBudget(options.maxPendingBytes);
    const { dataPlane, metrics, budget } = this;
    const handler = createRestHandler({ ...options, dataPlane, metrics, budget, log });
    this.http = createHttpListener(handler, options, this.tls);
    this.connections = new Connections(this.http);
    this.http.on("request", (_request, response) => this.connections.began(response));
    this.metricsServer = createMetricsServer(this.metrics);
  }

  async start(): Promise<void> {
    const { host, httpPort, grpcPort, metricsPort } = this.options;
    // Workers start while gRPC's library is loaded and ports are bound; its answer is awaited below.
    const loaded = this.registry.loadAll();
    loaded.catch(() => undefined);
    try {
      // Loaded here, while the workers start: the library alone takes as long as binding everything else.
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { createGrpcListener } = require("./grpc/grpc-server") as typeof import("./grpc/grpc-server");
      this.grpc = createGrpcListener(
        {
          dataPlane: this.dataPlane,
          metrics: this.metrics,
          budget: this.budget,
          log: this.log,
          maxMessageBytes: this.options.maxBodyBytes,
        },
        this.tls,
      );
      this.bound = {
        http: await listen(this.http, host, httpPort, "--http-port"),
        metrics: await listen(this.metricsServer, host, metricsPort, "--metrics-port"),
        grpc: await this.grpc.listen(host, grpcPort).catch((error: unknown) => {
          throw unavailable(host, grpcPort, "--grpc-port", error);
        }),
      };
      this.log.info({ host, ...this.bound, tls: this.tls !== undefined }, "listening");
      await loaded;
    } catch (error) {
      await this.close();
      throw error;
    }
    if (!this.closing) this.log.info({ ready: this.ready() }, "models loaded");
  }

  ports(): BoundPorts {
    if (!this.bound) throw new Error("The server has not bound its ports yet; await start() first.");
    return this.bound;
  }

  ready(): boolean {
    return this.bound !== undefined && this.dataPlane.ready();
  }

  models(): IndexEntry[] {
    return this.registry.index();
  }

  async drain(): Promise<boolean> {
    const { drainDelay, drainTimeout } = this.options;
    this.dataPlane.startDraining();
    this.log.info({ drainDelay, drainTimeout }, "draining");
    const deadline = sleep(drainTimeout);
    await Promise.race([sleep(drainDelay).done, deadline.done]);
    const answered = Promise.all([this.connections.drain(), this.grpc?.drain()]).then(() => true);
    const complete = await Promise.race([answered, deadline.done.then(() => false)]);
    deadline.cancel();
    if (!complete) this.log.warn("requests were cut off at the drain timeout");
    await this.close();
    return complete;
  }

  close(): Promise<void> {
    return (this.closing ??= this.shutDown());
  }

  private async shutDown(): Promise<void> {
    this.dataPlane.startDraining();
    this.tls?.close();
    this.grpc?.close();
    for (const server of [this.http, this.metricsServer]) {
      server.close();
      server.closeAllConnections();
    }
    await this.registry.close();
  }
}

function sleep(seconds: number): { done: Promise<void>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const done = new Promise<void>((resolve) => (timer = setTimeout(resolve, seconds * 1000)));
  return { done, cancel: () => clearTimeout(timer) };
}

function listen(server: HttpServer, host: string, port: number, flag: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => reject(unavailable(host, port, flag, error));
    server.once("error", failed);
    server.listen({ host, port }, () => {
      server.off("error", failed);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function unavailable(host: string, port: number, flag: string, error: unknown): PortUnavailable {
  const text = messageOf(error);
  const taken = text.includes("EADDRINUSE");
  const sentence = taken
    ? `Port ${port} (\`${flag}\`) is taken on ${host}; stop what listens there or choose another port.`
    : `Port ${port} (\`${flag}\`) cannot be bound on ${host}: ${text}.`;
  return new PortUnavailable(sentence, { cause: error });
}
