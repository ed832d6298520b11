import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { apiErrorOf } from "../../../../toolchain/plugins/kubernetes/client/api-error";
import type { Connection, RequestOptions } from "../../../../toolchain/plugins/kubernetes/client/connection";

export interface Stored {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    uid?: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    resourceVersion?: string;
    generation?: number;
    managedFields?: { manager: string; operation: string; fieldsV1: Record<string, unknown> }[];
  };
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  data?: Record<string, string>;
  [field: string]: unknown;
}

const KINDS: Record<string, string> = {
  httproutes: "HTTPRoute",
  grpcroutes: "GRPCRoute",
  deployments: "Deployment",
  endpointslices: "EndpointSlice",
  configmaps: "ConfigMap",
  pods: "Pod",
  canaries: "Canary",
  namespaces: "Namespace",
};

const fieldsOf = (value: object | undefined) =>
  Object.fromEntries(Object.keys(value ?? {}).map((key) => [`f:${key}`, {}]));

/** The fields that an apply owns, as far as anybody here looks: labels, annotations, and the members of `spec`. */
export function fieldsOwnedBy({
  metadata,
  spec,
}: Pick<Stored, "metadata" | "spec">): Record<string, unknown> {
  return {
    "f:metadata": {
      "f:labels": fieldsOf(metadata.labels),
      ...(metadata.annotations ? { "f:annotations": fieldsOf(metadata.annotations) } : {}),
    },
    ...(spec ? { "f:spec": fieldsOf(spec) } : {}),
  };
}

/** An API server in memory for the few kinds of a rollout: lists, server-side apply, merge patches, optimistic locking. */
export class FakeApi {
  private readonly objects = new Map<string, Stored>();
  private version = 100;
  /** Everything that was asked for, as "METHOD path?query". */
  readonly requests: string[] = [];
  /** Called before each write; may change objects, as somebody else would, or throw. */
  beforeWrite: (path: string) => void = () => {};

  put(object: Stored): Stored {
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.version) } };
    this.objects.set(`${object.kind}/${object.metadata.name}`, stored);
    return stored;
  }

  get(kind: string, name: string): Stored | undefined {
    return this.objects.get(`${kind}/${name}`);
  }

  all(kind: string): Stored[] {
    return [...this.objects.values()].filter((object) => object.kind === kind);
  }

  remove(kind: string, name: string): void {
    this.objects.delete(`${kind}/${name}`);
  }

  /** As a Connection, without any network. */
  connection(): Connection {
    const request = async (method: string, path: string, options: RequestOptions = {}) => {
      const { status, body } = this.answer(method, path, options);
      if (status >= 400) throw apiErrorOf(status, body);
      return body;
    };
    return { server: "http://fake", request, close() {} } as unknown as Connection;
  }

  answer(
    method: string,
    path: string,
    { query = {}, body, contentType }: RequestOptions,
  ): { status: number; body: unknown } {
    const given = Object.entries(query).filter(([, value]) => value !== undefined) as [string, string][];
    this.requests.push(`${method} ${path}${given.length ? `?${new URLSearchParams(given)}` : ""}`);
    const match = /^\/(?:api\/v1|apis\/[^/]+\/[^/]+)\/(?:namespaces\/([^/]+)\/)?(\w+)(?:\/([^/]+))?$/.exec(
      path,
    );
    const [, namespace, plural = "", name] = match ?? [];
    const kind = KINDS[plural];
    if (!kind) return failure(404, "NotFound", `the server could not find ${path}`);
    if (method === "GET" && name === undefined) {
      return {
        status: 200,
        body: { items: structuredClone(this.select(kind, namespace, query.labelSelector)) },
      };
    }
    const found = name === undefined ? undefined : this.get(kind, name);
    if (method === "GET") {
      return found
        ? { status: 200, body: structuredClone(found) }
        : failure(404, "NotFound", `${kind} "${name}" not found`);
    }
    this.beforeWrite(path);
    if (method === "POST") {
      const made = body as Stored;
      if (this.get(kind, made.metadata.name)) return failure(409, "AlreadyExists", "it exists already");
      return { status: 201, body: this.put(made) };
    }
    const current = this.get(kind, name!);
    if (!current) return failure(404, "NotFound", `${kind} "${name}" not found`);
    const patch = body as Stored;
    const wanted = patch.metadata?.resourceVersion;
    if (wanted !== undefined && wanted !== current.metadata.resourceVersion) {
      return failure(
        409,
        "Conflict",
        "the object has been modified; please apply your changes to the latest version",
      );
    }
    const applied = contentType === "application/apply-patch+yaml";
    return { status: 200, body: applied ? this.apply(current, patch, query) : this.merge(current, patch) };
  }

  private select(kind: string, namespace: string | undefined, selector = ""): Stored[] {
    const terms = selector.split(",").filter(Boolean);
    return this.all(kind).filter(
      ({ metadata }) =>
        (namespace === undefined || metadata.namespace === namespace) &&
        terms.every((term) => {
          const [key = "", value] = term.split("=");
          const label = metadata.labels?.[key];
          return value === undefined ? label !== undefined : label === value;
        }),
    );
  }

  /** What the manager owned and does not apply any more goes; what others own stays. */
  private apply(current: Stored, patch: Stored, query: RequestOptions["query"]): Stored {
    const manager = query?.fieldManager ?? "";
    const others = (current.metadata.managedFields ?? []).filter((entry) => entry.manager !== manager);
    const before = (current.metadata.managedFields ?? []).find((entry) => entry.manager === manager);
    const ownedSpec = Object.keys((before?.fieldsV1 as { "f:spec"?: object })?.["f:spec"] ?? {});
    const kept = Object.entries(current.spec ?? {}).filter(([key]) => !ownedSpec.includes(`f:${key}`));
    const foreign = Object.entries(current.metadata.labels ?? {}).filter(([key]) =>
      others.some(({ fieldsV1 }) => JSON.stringify(fieldsV1).includes(`"f:${key}"`)),
    );
    return this.put({
      ...current,
      metadata: {
        ...current.metadata,
        labels: { ...Object.fromEntries(foreign), ...patch.metadata.labels },
        managedFields: [...others, { manager, operation: "Apply", fieldsV1: fieldsOwnedBy(patch) }],
      },
      spec: { ...Object.fromEntries(kept), ...patch.spec },
    });
  }

  private merge(current: Stored, patch: Stored): Stored {
    const { annotations } = patch.metadata ?? {};
    const metadata = {
      ...current.metadata,
      annotations: { ...current.metadata.annotations, ...annotations },
    };
    return this.put({
      ...current,
      ...(annotations ? { metadata } : {}),
      ...(patch.data ? { data: { ...current.data, ...patch.data } } : {}),
      ...(patch.spec ? { spec: { ...current.spec, ...patch.spec } } : {}),
    });
  }

  /** Over HTTP on a port of the loopback, for programs of their own. */
  async listen(): Promise<{ kubeconfig: string; close: () => Promise<void> }> {
    const server: Server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const url = new URL(request.url!, "http://fake");
        const text = Buffer.concat(chunks).toString();
        const { status, body } = this.answer(request.method!, url.pathname, {
          query: Object.fromEntries(url.searchParams),
          body: text ? JSON.parse(text) : undefined,
          contentType: request.headers["content-type"],
        });
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return {
      kubeconfig: JSON.stringify({
        "current-context": "fake",
        clusters: [{ name: "fake", cluster: { server: `http://127.0.0.1:${port}` } }],
        contexts: [{ name: "fake", context: { cluster: "fake", user: "fake", namespace: "models" } }],
        users: [{ name: "fake", user: {} }],
      }),
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    };
  }
}

const failure = (code: number, reason: string, message: string) => ({
  status: code,
  body: { kind: "Status", code, reason, message },
});
