import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Authenticator } from "../auth/authenticator";
import { certificateName } from "../auth/certificate-name";
import { METRICS_PATH } from "../contract";
import { ERRORS, publicError, RETRY_AFTER_SECONDS } from "../errors";
import { Connections } from "../rest/connections";
import { createHttpListener, type HttpLimits } from "../rest/http-server";
import type { KeyPairWatcher } from "../tls";
import type { Metrics } from "./metrics";

export interface MetricsServerOptions {
  readonly limits: HttpLimits;
  /** Asks for the scope `metrics`; left out, anyone may read. */
  readonly authenticator?: Authenticator;
  /** Left out, it speaks plain HTTP. */
  readonly tls?: KeyPairWatcher;
}

/** Serves `/metrics` to Prometheus. */
export function createMetricsServer(
  metrics: Metrics,
  { limits, authenticator, tls }: MetricsServerOptions,
): Server {
  const server = createHttpListener(
    (request, response) => {
      connections.began({ request, response });
      answer(metrics, authenticator, request, response);
    },
    limits,
    tls,
  );
  const connections = new Connections(server, limits);
  return server;
}

function answer(
  metrics: Metrics,
  authenticator: Authenticator | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const path = request.url?.split("?", 1)[0];
  if (path !== METRICS_PATH) {
    response.writeHead(404, { "content-type": "text/plain" }).end("Not found; metrics are at /metrics.\n");
    return;
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    response
      .writeHead(405, { "content-type": "text/plain", allow: "GET, HEAD" })
      .end("Method not allowed.\n");
    return;
  }
  if (authenticator === undefined) return void give(metrics, response);
  void permit(authenticator, request).then(
    () => give(metrics, response),
    (error: unknown) => refuse(authenticator, response, error),
  );
}

async function give(metrics: Metrics, response: ServerResponse): Promise<void> {
  try {
    const text = await metrics.registry.metrics();
    response.writeHead(200, { "content-type": metrics.registry.contentType }).end(text);
  } catch {
    response.writeHead(500, { "content-type": "text/plain" }).end("Metrics could not be collected.\n");
  }
}

async function permit(authenticator: Authenticator, { headers, socket }: IncomingMessage): Promise<void> {
  const apiKey = headers["x-api-key"];
  await authenticator.authorize(
    {
      authorization: headers.authorization,
      apiKey: typeof apiKey === "string" ? apiKey : undefined,
      certificateName: certificateName(socket),
    },
    "metrics",
  );
}

function refuse(authenticator: Authenticator, response: ServerResponse, error: unknown): void {
  const { code, message } = publicError(error);
  const { http } = ERRORS[code];
  const headers: Record<string, string> = { "content-type": "text/plain" };
  if (http === 401 && authenticator.challenge) headers["www-authenticate"] = authenticator.challenge;
  if (http === 503) headers["retry-after"] = String(RETRY_AFTER_SECONDS);
  response.writeHead(http, headers).end(`${message}\n`);
}
