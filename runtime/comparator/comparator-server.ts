import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { Registry } from "prom-client";
import type { Authenticator, Scope } from "../auth/authenticator";
import { LIVE_PATH, METRICS_PATH, READY_PATH } from "../contract";
import { ERRORS, publicError } from "../errors";
import type { KeyPairWatcher } from "../tls";
import type { Comparator } from "./comparator";
import { isSlot } from "./pairing";
import { readSampledAnswer } from "./sampled-answer";

export interface ComparatorServerOptions {
  readonly comparator: Comparator;
  readonly registry: Registry;
  /** Bytes of one body. */
  readonly maxBodyBytes: number;
  readonly authenticator?: Authenticator;
  readonly tls?: KeyPairWatcher;
}

const OUTPUTS_PATH = "/v1/outputs/";
const REPORT_PATH = "/v1/report";
const SUMMARY_PATH = "/v1/summary";

/** Milliseconds that a request may take to arrive. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Lines of a body whose mistakes are told. */
const TOLD_MISTAKES = 10;

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

/**
 * `POST /v1/outputs/blue|green` takes answers, one JSON object per line; `GET /v1/report` tells of the comparison so far, `/v1/summary`
 * gives it in the form that can be stored and joined; `/metrics` and the health paths are open.
 */
export function createComparatorServer(options: ComparatorServerOptions): Server {
  const { tls } = options;
  const limits = { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS };
  const handler = (request: IncomingMessage, response: ServerResponse) => {
    void answer(options, request, response).catch((error: unknown) => refuse(response, error));
  };
  if (tls === undefined) return createHttpServer(limits, handler);
  const server = createHttpsServer({ ...limits, ...tls.current, minVersion: "TLSv1.2" }, handler);
  tls.onChange((pair) => server.setSecureContext({ ...pair, minVersion: "TLSv1.2" }));
  return server;
}

/** `/metrics` alone, plain HTTP: for Prometheus, inside the cluster. */
export function createScrapedServer({
  comparator,
  registry,
}: Pick<ComparatorServerOptions, "comparator" | "registry">): Server {
  return createHttpServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    const path = request.url?.split("?", 1)[0] ?? "";
    const given = async () => {
      if (path !== METRICS_PATH) throw new Refusal(404, `There is only ${METRICS_PATH} here.`);
      allow(request, "GET");
      await giveMetrics(comparator, registry, response);
    };
    given().catch((error: unknown) => refuse(response, error));
  });
}

async function giveMetrics(
  comparator: Comparator,
  registry: Registry,
  response: ServerResponse,
): Promise<void> {
  comparator.expire();
  response.writeHead(200, { "content-type": registry.contentType }).end(await registry.metrics());
}

async function answer(
  options: ComparatorServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url?.split("?", 1)[0] ?? "";
  if (path.startsWith(OUTPUTS_PATH)) {
    allow(request, "POST");
    await permit(options.authenticator, request, "infer");
    give(response, 202, await take(options, request, path.slice(OUTPUTS_PATH.length)));
    return;
  }
  const { comparator, registry } = options;
  switch (path) {
    case LIVE_PATH:
    case READY_PATH:
      allow(request, "GET");
      return give(response, 200, { [path === LIVE_PATH ? "live" : "ready"]: true });
    case METRICS_PATH:
      allow(request, "GET");
      return giveMetrics(comparator, registry, response);
    case REPORT_PATH:
    case SUMMARY_PATH: {
      allow(request, "GET");
      await permit(options.authenticator, request, "metrics");
      comparator.expire();
      const { waiting, unpaired, passedOver } = comparator;
      const report = { waiting, unpaired, passedOver, models: comparator.reports() };
      return give(response, 200, path === REPORT_PATH ? report : comparator.stored());
    }
    default:
      throw new Refusal(
        404,
        `There is no ${JSON.stringify(path)}; there are ${OUTPUTS_PATH}blue, ${OUTPUTS_PATH}green, ${REPORT_PATH}, ${SUMMARY_PATH} and ${METRICS_PATH}.`,
      );
  }
}

async function take(
  { comparator, maxBodyBytes }: ComparatorServerOptions,
  request: IncomingMessage,
  slot: string,
): Promise<object> {
  if (!isSlot(slot)) throw new Refusal(404, `The slot ${JSON.stringify(slot)} must be blue or green.`);
  const lines = (await bodyOf(request, maxBodyBytes)).split("\n");
  const mistakes: string[] = [];
  let taken = 0;
  let refused = 0;
  for (const [i, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const read = readSampledAnswer(line);
    if (typeof read === "string") {
      refused++;
      if (mistakes.length < TOLD_MISTAKES) mistakes.push(`line ${i + 1}: ${read}`);
      continue;
    }
    taken++;
    comparator.offer(slot, read, line.length);
  }
  if (taken === 0)
    throw new Refusal(400, `Nothing was taken: ${mistakes.join("; ") || "the body is empty"}.`);
  return { taken, refused, mistakes };
}

async function bodyOf(request: IncomingMessage, most: number): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > most) {
      throw new Refusal(413, `The body must have at most ${most} bytes.`, { connection: "close" });
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function allow({ method }: IncomingMessage, allowed: "GET" | "POST"): void {
  if (method === allowed || (allowed === "GET" && method === "HEAD")) return;
  throw new Refusal(405, `The method must be ${allowed}.`, { allow: allowed });
}

async function permit(
  authenticator: Authenticator | undefined,
  { headers }: IncomingMessage,
  scope: Scope,
): Promise<void> {
  if (authenticator === undefined) return;
  const apiKey = headers["x-api-key"];
  const credentials = {
    authorization: headers.authorization,
    apiKey: typeof apiKey === "string" ? apiKey : undefined,
    certificateName: undefined,
  };
  try {
    await authenticator.authorize(credentials, scope);
  } catch (error) {
    const { code, message } = publicError(error);
    const { challenge } = authenticator;
    const { http } = ERRORS[code];
    throw new Refusal(http, message, http === 401 && challenge ? { "www-authenticate": challenge } : {});
  }
}

function give(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, error: unknown): void {
  // The client hung up: nobody is left to be told.
  if (response.headersSent || response.destroyed) return void response.destroy();
  const { status, message, headers } =
    error instanceof Refusal ? error : new Refusal(500, "The comparator failed to process the request.");
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ error: message }));
}
