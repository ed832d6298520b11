import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stateDir } from "../../../../../toolchain/paths";
import { Cluster } from "../../../../../toolchain/plugins/kubernetes/client/cluster";
import { readKubeconfig, selectTarget } from "../../../../../toolchain/plugins/kubernetes/client/kubeconfig";
import { gvkOf } from "../../../../../toolchain/plugins/kubernetes/kinds";
import { listAt } from "../../../../../toolchain/plugins/kubernetes/object";
import type { KubeObject } from "../../../../../toolchain/plugins/kubernetes/object";
import type { Properties } from "../../../../../toolchain/plugins/shared/values";
import type { Resource } from "./wire-provider";
import { WireProvider } from "./wire-provider";

/** The cluster that the suite may use: it makes namespaces of its own and removes them. */
export function kubeconfigPath(): string {
  const path = process.env.SLIPWAY_CONFORMANCE_KUBECONFIG ?? process.env.KUBECONFIG;
  if (path) return path;
  return join(stateDir(), "cluster", "kubeconfig");
}

/** A provider, a namespace of its own, and a second look at the cluster that does not go through the provider. */
export class Scenario {
  private constructor(
    readonly provider: WireProvider,
    readonly cluster: Cluster,
    readonly namespace: string,
  ) {}

  static async start(config: { [key: string]: string } = {}, env: NodeJS.ProcessEnv = {}): Promise<Scenario> {
    const kubeconfig = readFileSync(kubeconfigPath(), "utf8");
    const provider = await WireProvider.start({ kubeconfig, ...config }, env);
    const cluster = new Cluster(selectTarget(readKubeconfig(kubeconfig)));
    const namespace = `conformance-${randomBytes(3).toString("hex")}`;
    await cluster.create(
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      { fieldManager: "conformance" },
    );
    return new Scenario(provider, cluster, namespace);
  }

  async stop(): Promise<void> {
    const ref = { gvk: gvkOf("v1", "Namespace"), name: this.namespace };
    await this.cluster.delete(ref, "Background").catch(() => undefined);
    this.cluster.connection.close();
    await this.provider.stop();
  }

  /** Check, then Create, as the engine does for a new resource. */
  async make(
    type: string,
    name: string,
    inputs: Properties,
    options: { preview?: boolean; timeoutSeconds?: number } = {},
  ): Promise<Resource> {
    const checked = await this.provider.check(type, name, inputs);
    if (checked.failures.length > 0) {
      throw new Error(checked.failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
    }
    return this.provider.create(type, name, checked.inputs, options);
  }

  /** The object as the API server has it; `undefined` where there is none. */
  look(apiVersion: string, kind: string, name: string): Promise<KubeObject | undefined> {
    return this.cluster.find({ gvk: gvkOf(apiVersion, kind), name, namespace: this.namespace });
  }

  /** Writes an object past the provider, as another person would. */
  meddle(object: KubeObject): Promise<KubeObject> {
    return this.cluster.apply(object, { fieldManager: "somebody-else", force: true });
  }

  configMap(name: string | undefined, data: { [key: string]: string }): Properties {
    return {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { namespace: this.namespace, ...(name === undefined ? {} : { name }) },
      data,
    };
  }
}

/**
 * An image that is on the nodes already and runs for ever: the one behind every pod's sandbox.
 * `SLIPWAY_CONFORMANCE_IMAGE` names another.
 */
export async function idleImage(cluster: Cluster): Promise<string> {
  const given = process.env.SLIPWAY_CONFORMANCE_IMAGE;
  if (given) return given;
  const nodes = await cluster.list(gvkOf("v1", "Node"), undefined, {});
  const images = nodes.flatMap((node) => listAt(node, "status", "images"));
  const names = images.flatMap((image) => listAt(image, "names").map(String));
  return names.find((name) => /\/pause[@:]/.test(name)) ?? "registry.k8s.io/pause:3.10";
}

/** The name that Check or the cluster gave an object. */
export function nameIn(properties: Properties): string {
  return (properties.metadata as { name: string }).name;
}
