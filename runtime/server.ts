import type { Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import pino, { type Logger } from "pino";
import { createAccessLog, type AccessLog } from "./access-log";
import type { Authenticator } from "./auth/authenticator";
import { createAuthenticator } from "./auth/create-authenticator";
import { ByteBudget } from "./dataplane/byte-budget";
import { DataPlane } from "./dataplane/dataplane";
import { DriftWatch, type WatchClock } from "./drift/monitor/drift-watch";
import type { CreateFeed, Feed } from "./feed";
import { createFeedback } from "./feedback/create-feedback";
import type { GrpcListener } from "./grpc/grpc-server";
import { messageOf } from "./message-of";
import { Metrics } from "./metrics/metrics";
import { createMetricsServer } from "./metrics/metrics-server";
import { ModelRegistry, type IndexEntry } from "./models/registry";
import type { SpawnWorker } from "./models/worker-instance";
import { WorkerWatch } from "./models/worker-watch";
import { createPayloadLog } from "./payload-log/create-payload-log";
import type { PayloadLog } from "./payload-log/payload-log";
import { resolveServerOptions, type ServerOptions } from "./options";
import { createRestListener, type RestListener } from "./rest/rest-listener";
import { createShadow, type Shadow } from "./shadow/shadow";
import { KeyPairWatcher } from "./tls";
import { createTracing } from "./tracing/create-tracing";
import type { Tracing } from "./tracing/request-trace";
import { VERSION } from "./version";

/** Ports that were bound; they differ from the options where those were 0. */
export interface BoundPorts {
  readonly http: number;
  readonly grpc: number;
  readonly metrics: number;
  /** Undefined where `adminPort` is 0. */
  readonly admin: number | undefined;
}

export interface ServerDependencies {
  /** @default silent */
  readonly log?: Logger;
  /** Starts worker threads; replaced in tests. */
  readonly spawn?: SpawnWorker;
  /** A way in beside the ports. */
  readonly feed?: CreateFeed;
  /** Time in which windows of drift end; replaced in tests. */
  readonly driftClock?: WatchClock;
  /** Which rows and elements are drawn where drift is followed; replaced in tests. @default Math.random */
  readonly driftRandom?: () => number;
}

/** Seconds before the drain timeout at which streams are ended that clients keep open: time for the answers to what they sent. */
const STREAMS_END_BEFORE = 1;

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
  private readonly authenticator: Authenticator | undefined;
  private readonly tls: KeyPairWatcher | undefined;
  private readonly registry: ModelRegistry;
  private readonly dataPlane: DataPlane;
  private readonly budget: ByteBudget;
  private readonly metrics: Metrics;
  private readonly tracing: Tracing | undefined;
  private readonly payloads: PayloadLog | undefined;
  private readonly shadow: Shadow | undefined;
  private readonly access: AccessLog | undefined;
  private readonly rest: RestListener;
  private readonly admin: RestListener | undefined;
  private readonly metricsServer: HttpServer;
  private readonly feed: Feed | undefined;
  private grpc: GrpcListener | undefined;
  private bound: BoundPorts | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    readonly options: ServerOptions,
    { log = pino({ level: "silent" }), spawn, feed, driftClock, driftRandom }: ServerDependencies,
  ) {
    this.log = log;
    this.metrics = new Metrics(() => this.ready(), options);
    // Both may refuse their files, and are therefore made before anything that would have to be closed again.
    this.shadow = createShadow(options, this.metrics, log);
    this.payloads = createPayloadLog(options, this.metrics, log);
    this.tracing = createTracing(options, log);
    this.authenticator = createAuthenticator(options, log);
    const tls = (this.tls = openTls(options, log));
    if (tls) this.metrics.watchCertificate(() => tls.expiresAt);
    const workerWatch = new WorkerWatch(options.runTimeout, log);
    const drift = new DriftWatch({
      registry: this.metrics.registry,
      log,
      maxVersions: options.maxMetricModels,
      clock: driftClock,
      random: driftRandom,
    });
    this.registry = new ModelRegistry({ ...options, metrics: this.metrics, workerWatch, drift, log, spawn });
    this.dataPlane = new DataPlane(this.registry, {
      ...options,
      serverVersion: VERSION,
      metrics: this.metrics,
      payloads: this.payloads,
      feedback: createFeedback(this.registry, this.metrics, options, log),
      watch: this.shadow,
      workerWatch,
      isFed: () => this.feed?.ready() ?? true,
    });
    this.budget = new ByteBudget(options.maxPendingBytes);
    const { dataPlane, metrics, budget, authenticator, tracing } = this;
    this.access = createAccessLog(options.accessLog, log);
    const rest = { ...options, dataPlane, metrics, budget, authenticator, tracing, access: this.access, log };
    const separate = options.adminPort !== 0;
    this.rest = createRestListener(rest, separate ? "public" : "all", this.tls);
    this.admin = separate ? createRestListener(rest, "admin", this.tls) : undefined;
    this.metricsServer = createMetricsServer(this.metrics, {
      limits: options,
      authenticator: options.metricsAuth ? authenticator : undefined,
      tls: options.metricsTls ? tls : undefined,
    });
    if (options.metricsAuth && tls && !options.metricsTls) {
      log.warn("credentials for `/metrics` cross in the clear; `--metrics-tls true` encrypts them");
    }
    this.feed = feed?.({ accounts: { dataPlane, metrics, budget }, options, log });
  }

  async start(): Promise<void> {
    const { host, httpPort, grpcPort, metricsPort, adminPort } = this.options;
    // Workers start while gRPC's library is loaded and ports are bound; its answer is awaited below.
    const loaded = this.registry.loadAll();
    loaded.catch(() => undefined);
    try {
      // Loaded here, while the workers start.
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { createGrpcListener } = require("./grpc/grpc-server") as typeof import("./grpc/grpc-server");
      this.grpc = createGrpcListener(
        {
          ...this.options,
          dataPlane: this.dataPlane,
          metrics: this.metrics,
          budget: this.budget,
          log: this.log,
          authenticator: this.authenticator,
          tracing: this.tracing,
          access: this.access,
          maxMessageBytes: this.options.maxBodyBytes,
        },
        this.tls,
      );
      this.bound = {
        http: await listen(this.rest.server, host, httpPort, "--http-port"),
        admin: this.admin && (await listen(this.admin.server, host, adminPort, "--admin-port")),
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
    if (this.closing) return;
    this.log.info({ ready: this.ready() }, "models loaded");
    if (!this.dataPlane.isDraining) this.feed?.start();
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
    // At once: unlike clients, a queue need not be told before it is left.
    const left = this.feed?.stop();
    await Promise.race([sleep(drainDelay).done, deadline.done]);
    const answered = Promise.all([
      this.rest.connections.drain(),
      this.admin?.connections.drain(),
      this.grpc?.drain(),
      left,
    ]).then(() => true);
    const lastCall = sleep(Math.max(0, drainTimeout - drainDelay - STREAMS_END_BEFORE));
    void lastCall.done.then(() => this.grpc?.endStreams());
    const complete = await Promise.race([answered, deadline.done.then(() => false)]);
    deadline.cancel();
    lastCall.cancel();
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
    this.authenticator?.close();
    this.grpc?.close();
    for (const server of [this.rest.server, this.admin?.server, this.metricsServer]) {
      if (!server) continue;
      server.close();
      server.closeAllConnections();
    }
    await this.feed?.close();
    await this.registry.close();
    await Promise.all([this.tracing?.close(), this.payloads?.close(), this.shadow?.close()]);
  }
}

function openTls(options: ServerOptions, log: Logger): KeyPairWatcher | undefined {
  const { tlsCert: cert, tlsKey: key, tlsClientCa: clientCa, tlsClientAuth: clientAuth } = options;
  return cert && key ? KeyPairWatcher.open({ cert, key, clientCa, clientAuth }, log) : undefined;
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
  const code = /\bE[A-Z]+\b/.exec(text)?.[0] ?? "";
  const what = `Port ${port} (\`${flag}\`)`;
  const sentences: Record<string, string> = {
    EADDRINUSE: `${what} is taken on ${host}; stop what listens there or choose another port.`,
    EACCES: `${what} cannot be bound: this user may not take ports below 1024; choose a higher one.`,
    EADDRNOTAVAIL: `\`--host\` (${host}) is not an address of this machine.`,
    ENOTFOUND: `\`--host\` (${host}) must be an address of this machine, or a name of one that can be resolved.`,
  };
  const sentence = sentences[code] ?? `${what} cannot be bound on ${host}: ${text}.`;
  return new PortUnavailable(sentence, { cause: error });
}
