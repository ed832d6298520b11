import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { ALERTS_PATH, HEALTH_PATH, METRICS_PATH } from "../contract";
import { messageOf } from "../message-of";
import type { KeyPairWatcher } from "../tls";
import { readNotification } from "./alert-notification";
import type { CallerAccess } from "./caller-access";
import type { RetrainingTrigger } from "./retraining-trigger";

export interface RetrainingServerOptions {
  readonly trigger: RetrainingTrigger;
  readonly registry: Registry;
  readonly access: CallerAccess;
  /** Bytes of one body. */
  readonly maxBodyBytes: number;
  readonly log: Logger;
  readonly tls?: KeyPairWatcher;
}

/** Milliseconds that a request may take to arrive. */
const REQUEST_TIMEOUT_MS = 15_000;
const LIMITS = { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS };
/** Connections at a time: Alertmanager's pods, the kubelet and Prometheus need a handful. */
const MOST_CONNECTIONS = 200;

/** A refusal: its status, and a sentence. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** `POST /v1/alerts` takes Alertmanager's webhooks from those who may call; `/healthz` and `/metrics` are open. */
export function createRetrainingServer(options: RetrainingServerOptions): Server {
  const { tls } = options;
  const handler = (request: IncomingMessage, response: ServerResponse) => {
    answer(options, request, response).catch((error: unknown) => refuse(options.log, response, error));
  };
  if (tls === undefined) return limited(createHttpServer(LIMITS, handler));
  const server = createHttpsServer({ ...LIMITS, ...tls.current, minVersion: "TLSv1.2" }, handler);
  tls.onChange((pair) => server.setSecureContext({ ...pair, minVersion: "TLSv1.2" }));
  return limited(server);
}

/** `/metrics` alone, plain HTTP: for Prometheus, inside the cluster. */
export function createScrapedServer({
  registry,
  log,
}: Pick<RetrainingServerOptions, "registry" | "log">): Server {
  return limited(
    createHttpServer(LIMITS, (request, response) => {
      const given = async () => {
        if (pathOf(request) !== METRICS_PATH) throw new Refusal(404, `There is only ${METRICS_PATH} here.`);
        allow(request, "GET");
        await giveMetrics(registry, response);
      };
      given().catch((error: unknown) => refuse(log, response, error));
    }),
  );
}

function limited<T extends Server>(server: T): T {
  server.maxConnections = MOST_CONNECTIONS;
  return server;
}

const pathOf = ({ url }: IncomingMessage) => url?.split("?", 1)[0] ?? "";

async function giveMetrics(registry: Registry, response: ServerResponse): Promise<void> {
  response.writeHead(200, { "content-type": registry.contentType }).end(await registry.metrics());
}

async function answer(
  { trigger, registry, access, maxBodyBytes, log }: RetrainingServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (pathOf(request)) {
    case HEALTH_PATH:
      allow(request, "GET");
      return give(response, 200, { ready: true });
    case METRICS_PATH:
      allow(request, "GET");
      return giveMetrics(registry, response);
    case ALERTS_PATH: {
      allow(request, "POST");
      // Before the body, which nobody reads whose it must not be.
      permit(access, request);
      const alerts = readNotification(await bodyOf(request, maxBodyBytes));
      if (typeof alerts === "string") throw new Refusal(400, alerts);
      try {
        return give(response, 202, trigger.take(alerts));
      } catch (error) {
        log.error({ cause: messageOf(error) }, "the state cannot be written: alerts are not accepted");
        throw new Refusal(503, "The state cannot be written; send it again.", { "retry-after": "30" });
      }
    }
    default:
      throw new Refusal(404, `There are ${ALERTS_PATH}, ${HEALTH_PATH} and ${METRICS_PATH} here.`);
  }
}

function permit(access: CallerAccess, { headers }: IncomingMessage): void {
  let isAllowed: boolean;
  try {
    isAllowed = access.allows(headers.authorization);
  } catch {
    throw new Refusal(503, "The credentials of callers cannot be read now; send it again.", closing);
  }
  if (!isAllowed) {
    throw new Refusal(401, "The caller must show credentials.", {
      ...closing,
      "www-authenticate": access.challenge,
    });
  }
}

/** A body that was not read would be taken for the next request. */
const closing = { connection: "close" };

async function bodyOf(request: IncomingMessage, most: number): Promise<string> {
  const tooLarge = new Refusal(413, `The body must have at most ${most} bytes.`, closing);
  if (Number(request.headers["content-length"]) > most) throw tooLarge;
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > most) throw tooLarge;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function allow({ method }: IncomingMessage, allowed: "GET" | "POST"): void {
  if (method === allowed || (allowed === "GET" && method === "HEAD")) return;
  throw new Refusal(405, `The method must be ${allowed}.`, { ...closing, allow: allowed });
}

function give(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function refuse(log: Logger, response: ServerResponse, error: unknown): void {
  // The client hung up: nobody is left to be told.
  if (response.headersSent || response.destroyed) return void response.destroy();
  if (!(error instanceof Refusal)) log.error({ cause: messageOf(error) }, "a request failed");
  const { status, message, headers } =
    error instanceof Refusal ? error : new Refusal(500, "The server failed to process the request.", closing);
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ error: message }));
}
