import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger } from "pino";
import { createAccessLog } from "../access-log";
import type { Authenticator } from "../auth/authenticator";
import { createAuthenticator } from "../auth/create-authenticator";
import { ByteBudget } from "../dataplane/byte-budget";
import { DataPlane } from "../dataplane/dataplane";
import { createFeedback } from "../feedback/create-feedback";
import { Metrics } from "../metrics/metrics";
import { ModelRegistry } from "../models/registry";
import { WorkerWatch } from "../models/worker-watch";
import type { ServerOptions } from "../options";
import { createRestListener, type RestListener } from "../rest/rest-listener";
import { VERSION } from "../version";
import type { HttpAnswer, HttpRequest } from "./events";

/** A model that the function was to serve cannot be served; the message is for whoever deployed it. */
export class ModelUnavailable extends Error {
  override readonly name = "ModelUnavailable";
  readonly exitCode = 1;
}

/**
 * The REST surface of the server inside a function, on a Unix socket: the handlers are those of `slipway serve`, and no port
 * is open. Neither gRPC nor a metrics port exist, as nobody could reach them; nor do the operations that load and unload
 * models: a function serves what its version was published with.
 */
export class FunctionServer {
  private constructor(
    private readonly registry: ModelRegistry,
    private readonly rest: RestListener,
    private readonly authenticator: Authenticator | undefined,
    private readonly socketPath: string,
  ) {}

  /** @throws ModelUnavailable where any version of a model cannot be served, or there is none */
  static async start(options: ServerOptions, log: Logger): Promise<FunctionServer> {
    const metrics = new Metrics(() => true, options);
    const authenticator = createAuthenticator(options, log);
    const workerWatch = new WorkerWatch(options.runTimeout, log);
    const registry = new ModelRegistry({ ...options, metrics, workerWatch, log });
    const dataPlane = new DataPlane(registry, {
      ...options,
      serverVersion: VERSION,
      metrics,
      feedback: createFeedback(registry, metrics, options, log),
      workerWatch,
    });
    const budget = new ByteBudget(options.maxPendingBytes);
    const access = createAccessLog(options.accessLog, log);
    const rest = createRestListener(
      { ...options, dataPlane, metrics, budget, authenticator, access, log },
      "public",
    );
    const server = new FunctionServer(
      registry,
      rest,
      authenticator,
      join(tmpdir(), `slipway-${randomUUID()}.sock`),
    );
    try {
      await registry.loadAll();
      server.assertServable(options.modelRepository);
      process.once("exit", server.unlink);
      rest.server.listen({ path: server.socketPath });
      await once(rest.server, "listening");
      return server;
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  /** Names of the models that are served, each once. */
  models(): string[] {
    return [...new Set(this.registry.index().map(({ name }) => name))];
  }

  /** Answers a request; rejects with the signal's reason where that comes first, and the inference is given up. */
  handle({ method, url, headers, body }: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        {
          socketPath: this.socketPath,
          // A connection that was kept while the process was frozen may be over its time.
          agent: false,
          method,
          path: url,
          headers: { ...headers, host: "localhost", "content-length": body.length },
          signal,
        },
        (response) => {
          const pieces: Buffer[] = [];
          response.on("data", (piece: Buffer) => pieces.push(piece));
          response.on("error", (error) => reject(signal.aborted ? (signal.reason as Error) : error));
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 500,
              headers: response.headers,
              body: Buffer.concat(pieces),
            }),
          );
        },
      );
      outgoing.on("error", (error) => reject(signal.aborted ? (signal.reason as Error) : error));
      outgoing.end(body);
    });
  }

  async close(): Promise<void> {
    this.authenticator?.close();
    this.rest.server.close();
    this.rest.server.closeAllConnections();
    await this.registry.close();
    process.off("exit", this.unlink);
    this.unlink();
  }

  private readonly unlink = (): void => rmSync(this.socketPath, { force: true });

  /** One model that is missing would be noticed by its clients alone, and the version would stay published. */
  private assertServable(repository: string): void {
    const models = this.registry.index();
    if (models.length === 0) {
      throw new ModelUnavailable(
        `The model repository (${repository}) holds no model: the image must bring one, or \`--models\` name one.`,
      );
    }
    const bad = models.filter(({ state }) => state === "UNAVAILABLE");
    if (bad.length === 0) return;
    const reasons = bad.map(({ name, version, reason }) =>
      version ? `\`${name}\` version ${version}: ${reason}` : `\`${name}\`: ${reason}`,
    );
    throw new ModelUnavailable(`A model cannot be served: ${reasons.join("; ")}`);
  }
}
