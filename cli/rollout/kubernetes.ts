import { SlipwayError, messageOf } from "../../toolchain/errors";
import { ApiError, isNotFound } from "../../toolchain/plugins/kubernetes/client/api-error";
import { Connection } from "../../toolchain/plugins/kubernetes/client/connection";
import {
  ambientKubeconfig,
  readKubeconfig,
  selectTarget,
} from "../../toolchain/plugins/kubernetes/client/kubeconfig";
import type { ManagedFields } from "../../toolchain/plugins/kubernetes/object";

export { ApiError };

/** An object of the cluster, as far as traffic switching looks at it. */
export interface ClusterObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly uid?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly resourceVersion?: string;
    readonly generation?: number;
    readonly managedFields?: readonly ManagedFields[];
  };
  readonly spec?: unknown;
  readonly status?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}

/** The kinds that traffic switching touches. Paths are known, so that no discovery is asked for. */
const COLLECTIONS = {
  HTTPRoute: { base: "/apis/gateway.networking.k8s.io/v1", plural: "httproutes" },
  GRPCRoute: { base: "/apis/gateway.networking.k8s.io/v1", plural: "grpcroutes" },
  Deployment: { base: "/apis/apps/v1", plural: "deployments" },
  EndpointSlice: { base: "/apis/discovery.k8s.io/v1", plural: "endpointslices" },
  ConfigMap: { base: "/api/v1", plural: "configmaps" },
  Canary: { base: "/apis/flagger.app/v1beta1", plural: "canaries" },
  Pod: { base: "/api/v1", plural: "pods" },
  Namespace: { base: "/api/v1", plural: "namespaces" },
} as const;
export type Kind = keyof typeof COLLECTIONS;

export const ROLLOUT_LABEL = "slipway.dev/rollout";
export const SLOT_LABEL = "slipway.dev/slot";

const TIMEOUT_MS = 10_000;

export interface PatchOptions {
  readonly fieldManager: string;
  readonly contentType: "application/apply-patch+yaml" | "application/merge-patch+json";
  readonly force?: boolean;
}

/**
 * Connections that were kept are closed from the other side after a while, of which nothing is heard while an engine loads. As many as
 * a look opens may lie there.
 */
const RESET_TRIES = 10;

const isReset = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ECONNRESET";

/** The cluster that a service's traffic runs through. */
export class TrafficCluster {
  constructor(private readonly connection: Connection) {}

  /** Where it is, for messages. */
  get server(): string {
    return this.connection.server;
  }

  private path(kind: Kind, namespace: string | undefined, name?: string): string {
    const { base, plural } = COLLECTIONS[kind];
    const scope = namespace === undefined ? base : `${base}/namespaces/${encodeURIComponent(namespace)}`;
    return `${scope}/${plural}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
  }

  /** Undefined where there is no such object. */
  async find(kind: Kind, namespace: string | undefined, name: string): Promise<ClusterObject | undefined> {
    try {
      return (await this.request("GET", this.path(kind, namespace, name))) as ClusterObject;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** @param namespace undefined: all of them */
  async list(kind: Kind, namespace: string | undefined, labelSelector: string): Promise<ClusterObject[]> {
    const { items = [] } = (await this.request("GET", this.path(kind, namespace), {
      query: { labelSelector },
    })) as { items?: ClusterObject[] };
    const { base } = COLLECTIONS[kind];
    const apiVersion = base.replace(/^\/apis?\//, "");
    // Lists leave these out of their items.
    return items.map((item) => ({ ...item, apiVersion, kind }));
  }

  async patch(
    kind: Kind,
    namespace: string,
    name: string,
    body: unknown,
    options: PatchOptions,
  ): Promise<ClusterObject> {
    const query = {
      fieldManager: options.fieldManager,
      fieldValidation: "Strict",
      ...(options.force ? { force: "true" } : {}),
    };
    return (await this.request("PATCH", this.path(kind, namespace, name), {
      query,
      body,
      contentType: options.contentType,
    })) as ClusterObject;
  }

  async create(kind: Kind, namespace: string, body: unknown, fieldManager: string): Promise<ClusterObject> {
    return (await this.request("POST", this.path(kind, namespace), {
      query: { fieldManager },
      body,
    })) as ClusterObject;
  }

  close(): void {
    this.connection.close();
  }

  private async request(
    method: "GET" | "PATCH" | "POST",
    path: string,
    options: Parameters<Connection["request"]>[2] = {},
  ): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.connection.request(method, path, { timeoutMs: TIMEOUT_MS, ...options });
      } catch (error) {
        if (error instanceof ApiError) throw error;
        if (method === "GET" && isReset(error) && attempt < RESET_TRIES) continue;
        throw new SlipwayError(
          `the cluster at ${this.server} does not answer: ${messageOf(error).split("\n")[0]}`,
          1,
          { cause: error },
        );
      }
    }
  }
}

/**
 * Opens the cluster of a kubeconfig.
 * @param kubeconfig path; the environment's where it is left out
 * @param context the kubeconfig's current one where it is left out
 */
export function openTrafficCluster(
  kubeconfig: string | undefined,
  context?: string,
): { cluster: TrafficCluster; namespace: string | undefined } {
  try {
    const file = kubeconfig === undefined ? ambientKubeconfig() : readKubeconfig(kubeconfig);
    if (!file) throw new Error("there is no kubeconfig; set KUBECONFIG to one");
    const target = selectTarget(file, { context });
    return { cluster: new TrafficCluster(new Connection(target)), namespace: target.namespace };
  } catch (error) {
    const message = messageOf(error).replace(/\.$/, "");
    throw new SlipwayError(message.charAt(0).toLowerCase() + message.slice(1), context ? 64 : 1);
  }
}
