import { createServer, type Server } from "node:http";
import { METRICS_PATH } from "../contract";
import type { Metrics } from "./metrics";

/** Serves `/metrics` to Prometheus; plain HTTP, for inside the cluster. */
export function createMetricsServer(metrics: Metrics): Server {
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
    metrics.registry.metrics().then(
      (text) => response.writeHead(200, { "content-type": metrics.registry.contentType }).end(text),
      () =>
        response.writeHead(500, { "content-type": "text/plain" }).end("Metrics could not be collected.\n"),
    );
  });
}
