import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Authenticator } from "../auth/authenticator";
import { METRICS_PATH } from "../contract";
import { ERRORS, publicError } from "../errors";
import type { Metrics } from "./metrics";

/**
 * Serves `/metrics` to Prometheus; plain HTTP, for inside the cluster.
 * @param authenticator asks for the scope `metrics`; anyone may read where there is none
 */
export function createMetricsServer(metrics: Metrics, authenticator?: Authenticator): Server {
  return createServer((request, response) => {
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
  });
}

async function give(metrics: Metrics, response: ServerResponse): Promise<void> {
  try {
    const text = await metrics.registry.metrics();
    response.writeHead(200, { "content-type": metrics.registry.contentType }).end(text);
  } catch {
    response.writeHead(500, { "content-type": "text/plain" }).end("Metrics could not be collected.\n");
  }
}

async function permit(authenticator: Authenticator, { headers }: IncomingMessage): Promise<void> {
  const apiKey = headers["x-api-key"];
  await authenticator.authorize(
    {
      authorization: headers.authorization,
      apiKey: typeof apiKey === "string" ? apiKey : undefined,
      certificateName: undefined,
    },
    "metrics",
  );
}

function refuse(authenticator: Authenticator, response: ServerResponse, error: unknown): void {
  const { code, message } = publicError(error);
  const { http } = ERRORS[code];
  const challenge: Record<string, string> =
    http === 401 && authenticator.challenge ? { "www-authenticate": authenticator.challenge } : {};
  response.writeHead(http, { "content-type": "text/plain", ...challenge }).end(`${message}\n`);
}
