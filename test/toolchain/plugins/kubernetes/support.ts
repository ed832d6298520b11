import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Cluster } from "../../../../toolchain/plugins/kubernetes/client/cluster";
import type { ResourceLog } from "../../../../toolchain/plugins/shared/provider";

/** What a fake API server answers: a status and a body, or `undefined` for a 404. */
export type Answer =
  { readonly status?: number; readonly body: unknown; readonly warning?: string } | undefined;

export interface FakeRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: unknown;
}

/** An HTTP server that answers as a test says, and a client of it. */
export interface FakeApiServer {
  readonly cluster: Cluster;
  readonly requests: readonly FakeRequest[];
  readonly url: string;
  stop(): Promise<void>;
}

export function notFound(kind: string, name: string): Answer {
  const message = `${kind} "${name}" not found`;
  return { status: 404, body: { kind: "Status", message, reason: "NotFound", details: { kind, name } } };
}

/** The kinds that the fake serves. */
const RESOURCES: { readonly [path: string]: unknown } = {
  "/api/v1": {
    resources: [
      ["configmaps", "ConfigMap"],
      ["events", "Event"],
      ["namespaces", "Namespace"],
      ["pods", "Pod"],
      ["services", "Service"],
    ].map(([name, kind]) => ({ name, kind, namespaced: kind !== "Namespace" })),
  },
  "/apis/apps/v1": {
    resources: [
      { name: "deployments", kind: "Deployment", namespaced: true },
      { name: "replicasets", kind: "ReplicaSet", namespaced: true },
    ],
  },
  "/apis/discovery.k8s.io/v1": {
    resources: [{ name: "endpointslices", kind: "EndpointSlice", namespaced: true }],
  },
  "/apis/storage.k8s.io/v1": {
    resources: [{ name: "storageclasses", kind: "StorageClass", namespaced: false }],
  },
};

export async function fakeApiServer(answer: (request: FakeRequest) => Answer): Promise<FakeApiServer> {
  const requests: FakeRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    let text = "";
    incoming.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
    incoming.on("end", () => {
      const url = new URL(incoming.url ?? "/", "http://localhost");
      const discovered = RESOURCES[url.pathname];
      const request: FakeRequest = {
        method: incoming.method ?? "",
        path: url.pathname,
        query: url.searchParams,
        contentType: incoming.headers["content-type"] ?? "",
        body: text === "" ? undefined : JSON.parse(text),
      };
      if (discovered === undefined) requests.push(request);
      const given = discovered === undefined ? answer(request) : { body: discovered };
      const { status = 200, body, warning } = given ?? notFound("things", "it") ?? { body: {} };
      if (warning) outgoing.setHeader("Warning", `299 - "${warning}"`);
      outgoing.writeHead(status, { "Content-Type": "application/json" });
      outgoing.end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cluster = new Cluster({ cluster: { server: url }, user: {}, config: {}, context: "fake" });
  const stop = async () => {
    cluster.connection.close();
    await new Promise((resolve) => server.close(resolve));
  };
  return { cluster, requests, url, stop };
}

/** A log that keeps what it is told. */
export function recordingLog(): ResourceLog & { readonly lines: string[] } {
  const lines: string[] = [];
  const take = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
  return {
    lines,
    debug: take("debug"),
    info: take("info"),
    warn: take("warn"),
    error: take("error"),
    status: take("status"),
  };
}
