import { setTimeout as sleep } from "node:timers/promises";
import type { ProviderConfig } from "../provider-config";
import { Cluster } from "./cluster";
import { ambientKubeconfig, readKubeconfig, selectTarget } from "./kubeconfig";

/** A preview goes on without a cluster that does not answer within this. */
const PROBE_MS = 2_000;
/** An update waits this long for an API server that is just starting. */
const CONNECT_MS = 15_000;
const RETRY_MS = 500;

/** Set to `1` to keep previews away from any cluster. */
export const OFFLINE_VARIABLE = "SLIPWAY_OFFLINE";

export type Reachability =
  { readonly cluster: Cluster } | { readonly cluster?: undefined; readonly reason: string };

/** The provider's connection: whether there is a cluster, and which. Asked once, since every resource needs it. */
export class ClusterLink {
  private readonly configured: { cluster: Cluster } | { reason: string };
  private probed: Promise<Reachability> | undefined;
  private connected: Promise<Reachability> | undefined;

  constructor(config: ProviderConfig) {
    try {
      const given = config.kubeconfig;
      // SDKs pass KUBECONFIG on as it is, which may be a list of files.
      const ambient = given === undefined || (given === process.env.KUBECONFIG && given.includes(":"));
      const file = ambient ? ambientKubeconfig() : readKubeconfig(given);
      if (!file) throw new Error("There is no kubeconfig: set KUBECONFIG, or the provider's `kubeconfig`.");
      const target = selectTarget(file, config);
      const cluster = new Cluster(target, config.namespace ?? target.namespace ?? "default");
      this.configured = { cluster };
    } catch (error) {
      this.configured = { reason: (error as Error).message };
    }
  }

  /** True where the person asked for previews without a cluster. */
  get offline(): boolean {
    return process.env[OFFLINE_VARIABLE] === "1";
  }

  /** For what can do without a cluster: the one that answers within two seconds. */
  forPreview(): Promise<Reachability> {
    if (this.offline) return Promise.resolve({ reason: `${OFFLINE_VARIABLE} is set.` });
    this.probed ??= this.probe(PROBE_MS);
    return this.probed;
  }

  /** For what cannot: waits longer, once. */
  forUpdate(): Promise<Reachability> {
    this.connected ??= this.connect();
    return this.connected;
  }

  close(): void {
    if ("cluster" in this.configured) this.configured.cluster.connection.close();
  }

  private async connect(): Promise<Reachability> {
    const until = Date.now() + CONNECT_MS;
    let answer = await (this.probed ?? this.probe(PROBE_MS));
    while (!answer.cluster && "cluster" in this.configured && Date.now() < until) {
      await sleep(RETRY_MS);
      answer = await this.probe(PROBE_MS);
    }
    return answer;
  }

  private async probe(timeoutMs: number): Promise<Reachability> {
    if (!("cluster" in this.configured)) return this.configured;
    const { cluster } = this.configured;
    try {
      // `timeoutMs` of a request counts silence; the signal bounds the connection as well.
      const signal = AbortSignal.timeout(timeoutMs);
      await cluster.connection.request("GET", "/version", { signal });
      return { cluster };
    } catch (error) {
      const late = (error as Error).name === "TimeoutError" || (error as Error).name === "AbortError";
      const why = late ? `no answer within ${timeoutMs / 1_000} s` : (error as Error).message;
      return { reason: `The cluster at ${cluster.connection.server} cannot be reached: ${why}.` };
    }
  }
}
