import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import type { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { createChartNamespace, createRelease, type ChartSettings } from "../internal/chart-release";
import { CHARTS } from "../internal/platform-charts";
import { Problems } from "../internal/validation";
import type { GpuNodePool } from "./gpu-node-pool";

/** Inputs of GpuSupport. */
export interface GpuSupportArgs extends ChartSettings {
  /** The pools whose sharing the device plugin and the MIG manager put into effect. */
  readonly pools: readonly GpuNodePool[];
  /**
   * How the cluster is reached.
   * @default the program's own provider
   */
  readonly provider?: Provider;
  /**
   * Whether the operator installs NVIDIA's drivers; off where the nodes' image has them, as those of GpuNodePool do.
   * @default false
   */
  readonly drivers?: boolean;
}

/** Defaults; a test ties each to its `@default` above. */
export const GPU_SUPPORT_DEFAULTS = { drivers: false } as const;

/** Name of the device plugin's configurations. */
const PLUGIN_CONFIG = "slipway-gpu-sharing";

/**
 * NVIDIA's GPU operator: device plugin, DCGM exporter with a ServiceMonitor, node feature discovery and MIG manager, set up for the
 * sharing that the pools declare.
 *
 * The operator does not work with Bottlerocket, whose own device plugin and MIG manager do the same from the node's settings: nodes
 * of pools with that `ami` are labelled so that it leaves them alone. There is no DCGM exporter on them either, and so no metrics of their
 * GPUs: dashboards and alerts of GPUs are silent about them.
 *
 * @example
 * const cluster = new ServingCluster("serving", { network: new ServingNetwork("serving") });
 * const pool = new GpuNodePool("a10g", { cluster, instanceTypes: ["g5.xlarge"], maxNodes: 4 });
 * new GpuSupport("gpus", { pools: [pool], provider: cluster.provider });
 */
export class GpuSupport extends pulumi.ComponentResource {
  /** Where the DCGM exporter is, for `gpuExporters` of Monitoring. */
  readonly exporter: { readonly namespace: pulumi.Input<string> };

  constructor(name: string, args: GpuSupportArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:GpuSupport", name, {}, opts);
    const configs = sharingConfigs(args.pools);
    const problems = new Problems("GpuSupport", name);
    problems.check(args.pools.length > 0, "pools", "must name at least one pool");
    problems.throwIfAny();
    const namespace =
      args.install === false ? CHARTS.gpuOperator.namespace : this.install(name, args, configs);
    this.exporter = { namespace };
    this.registerOutputs({});
  }

  private install(
    name: string,
    args: GpuSupportArgs,
    configs: Readonly<Record<string, string>>,
  ): pulumi.Output<string> {
    const opts = { parent: this, provider: args.provider };
    const drivers = args.drivers ?? GPU_SUPPORT_DEFAULTS.drivers;
    // Drivers and device plugins work on the node itself: the one place where the platform lets pods do so.
    const namespace = createChartNamespace(name, "gpuOperator", opts, "privileged");
    const config = new ConfigMap(
      `${name}-sharing`,
      { metadata: { name: PLUGIN_CONFIG, namespace: namespace.metadata.name }, data: { ...configs } },
      opts,
    );
    const usesMig = args.pools.some(({ settings }) => isServed(settings) && settings.sharing.mode === "mig");
    const tolerations = nodeTolerations(args.pools);
    const values = {
      driver: { enabled: drivers },
      toolkit: { enabled: drivers },
      devicePlugin: { config: { name: PLUGIN_CONFIG, default: WHOLE } },
      mig: { strategy: "mixed" },
      migManager: { enabled: usesMig },
      dcgmExporter: { serviceMonitor: { enabled: true } },
      nfd: { enabled: true },
      daemonsets: { tolerations },
      "node-feature-discovery": { worker: { tolerations: [...CONTROL_PLANE, ...tolerations] } },
    };
    createRelease(`${name}-operator`, "gpuOperator", namespace, args, values, {
      ...opts,
      dependsOn: [config],
    });
    return namespace.metadata.name;
  }
}

interface NodeToleration {
  readonly key: string;
  readonly operator: "Exists";
  readonly effect: string;
}

const everyValue = (key: string, effect: string): NodeToleration => ({ key, operator: "Exists", effect });

/** What the chart itself lets the workers of node feature discovery tolerate: a list of values replaces the chart's. */
const CONTROL_PLANE = ["master", "control-plane"].map((role) =>
  everyValue(`node-role.kubernetes.io/${role}`, "NoSchedule"),
);

/** What keeps pods off the pools' nodes must not keep away those that make the nodes' GPUs usable. */
function nodeTolerations(pools: readonly Pick<GpuNodePool, "tolerations">[]): NodeToleration[] {
  const all = [{ key: "nvidia.com/gpu", effect: "NoSchedule" }, ...pools.flatMap((pool) => pool.tolerations)];
  return [...new Map(all.map(({ key, effect }) => [`${key}:${effect}`, everyValue(key, effect)])).values()];
}

/** Whether the operator works on a pool's nodes. */
const isServed = ({ ami }: GpuNodePool["settings"]): boolean => ami !== "bottlerocket";

/** Nodes without a label of their own give whole GPUs. */
const WHOLE = "whole";

/** Configurations of NVIDIA's device plugin by the name that nodes are labelled with. */
export function sharingConfigs(pools: readonly Pick<GpuNodePool, "settings">[]): Record<string, string> {
  const flags = { migStrategy: "mixed" };
  const configs: Record<string, string> = { [WHOLE]: stringify({ version: "v1", flags }) };
  for (const { settings } of pools) {
    const { mode, replicas } = settings.sharing;
    if (!isServed(settings) || (mode !== "time-slicing" && mode !== "mps")) continue;
    const sharing = {
      renameByDefault: true,
      resources: [{ name: "nvidia.com/gpu", replicas }],
      // A pod that asks two turns gets no more time than with one, so that asking is a mistake.
      ...(mode === "time-slicing" ? { failRequestsGreaterThanOne: true } : {}),
    };
    const key = mode === "mps" ? "mps" : "timeSlicing";
    configs[`${mode}-${replicas}`] = stringify({ version: "v1", flags, sharing: { [key]: sharing } });
  }
  return configs;
}
