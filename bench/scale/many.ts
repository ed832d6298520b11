import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AppsV1Api, CoreV1Api, NetworkingV1Api, PolicyV1Api, type KubeConfig } from "@kubernetes/client-node";
import { withWorkspace, type EngineRun, type Workspace } from "../../test/support/engine";
import { projectRoot } from "../../toolchain/paths";
import { childSeconds } from "../child-time";
import type { ScaleConfig } from "./program";

const PROGRAM = `
  require(${JSON.stringify(join(projectRoot, "stacks/loader.js"))});
  const { Config } = require("@pulumi/pulumi");
  require(${JSON.stringify(join(__dirname, "program.ts"))}).declareMany(new Config("scale").requireObject("many"));
`;

/** What the API server has of a stack, by kind. */
export interface Counts {
  readonly namespaces: number;
  readonly deployments: number;
  readonly services: number;
  readonly configMaps: number;
  readonly secrets: number;
  readonly serviceAccounts: number;
  readonly networkPolicies: number;
  readonly disruptionBudgets: number;
  readonly pods: number;
  /** Pods that are bound to a node of the bench and ready. */
  readonly readyOnFakeNodes: number;
}

/** What it must have of `count` services, one pod each. */
export function expectedCounts(count: number, namespaces: number): Counts {
  return {
    namespaces,
    deployments: count,
    services: count,
    configMaps: count,
    secrets: count,
    serviceAccounts: count,
    networkPolicies: count,
    disruptionBudgets: count,
    pods: count,
    readyOnFakeNodes: count,
  };
}

/** Asks the API server itself; the program's own objects only, not those that every namespace gets. */
export async function countObjects(config: KubeConfig, prefix: string, nodePrefix: string): Promise<Counts> {
  const core = config.makeApiClient(CoreV1Api);
  const apps = config.makeApiClient(AppsV1Api);
  const ours = { labelSelector: "app.kubernetes.io/part-of=slipway" };
  const inOurs = ({ items }: { items: { metadata?: { namespace?: string } }[] }) =>
    items.filter(({ metadata }) => metadata?.namespace?.startsWith(`${prefix}-`)).length;
  const { items: namespaces } = await core.listNamespace({ labelSelector: `slipway.dev/${prefix}=true` });
  const pods = (await core.listPodForAllNamespaces()).items.filter(({ metadata }) =>
    metadata?.namespace?.startsWith(`${prefix}-`),
  );
  return {
    namespaces: namespaces.length,
    deployments: inOurs(await apps.listDeploymentForAllNamespaces(ours)),
    services: inOurs(await core.listServiceForAllNamespaces(ours)),
    configMaps: inOurs(await core.listConfigMapForAllNamespaces(ours)),
    secrets: inOurs(await core.listSecretForAllNamespaces(ours)),
    serviceAccounts: inOurs(await core.listServiceAccountForAllNamespaces(ours)),
    networkPolicies: inOurs(
      await config.makeApiClient(NetworkingV1Api).listNetworkPolicyForAllNamespaces(ours),
    ),
    disruptionBudgets: inOurs(
      await config.makeApiClient(PolicyV1Api).listPodDisruptionBudgetForAllNamespaces(ours),
    ),
    pods: pods.length,
    readyOnFakeNodes: pods.filter(
      ({ spec, status }) =>
        spec?.nodeName?.startsWith(`${nodePrefix}-`) &&
        status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
    ).length,
  };
}

/** Takes away what an interrupted run has left, whose state is gone. Pods end while their nodes are there to end them. */
export async function removeLeftovers(config: KubeConfig, prefix: string): Promise<void> {
  const core = config.makeApiClient(CoreV1Api);
  const left = async () => (await core.listNamespace({ labelSelector: `slipway.dev/${prefix}=true` })).items;
  for (const { metadata } of await left()) await core.deleteNamespace({ name: metadata?.name ?? "" });
  while ((await left()).length > 0) await sleep(1_000);
}

/** What one command took, in seconds. */
export interface CommandTime {
  readonly wall: number;
  /** Processor time of the engine, the program and the plugins. */
  readonly cpu: number;
}

export interface ManyTimes {
  readonly resources: number;
  readonly preview: CommandTime;
  readonly up: CommandTime;
  readonly destroy: CommandTime;
}

export interface ManyOptions {
  readonly kubeconfig: string;
  readonly many: ScaleConfig;
  /** Called between apply and destroy. */
  afterUp?(): Promise<void>;
  /** Called after destroy. */
  afterDestroy?(): Promise<void>;
}

/** Previews, applies and destroys a stack of its own, whose state lies in a temporary folder. */
export function runMany({ kubeconfig, many, afterUp, afterDestroy }: ManyOptions): Promise<ManyTimes> {
  // The file backend writes the whole state after every step, which takes time in the square of their number. Other backends
  // do not; so that its time is not what is measured, the engine saves once, at the end.
  const env = { KUBECONFIG: kubeconfig, PULUMI_SKIP_CHECKPOINTS: "true" };
  const config = { "scale:many": many };
  const run = async (workspace: Workspace): Promise<ManyTimes> => {
    let resources = 0;
    const preview = await timed(async () => {
      resources = succeeded(await workspace.preview()).changes.create ?? 0;
    });
    try {
      const up = await timed(async () => succeeded(await workspace.up()));
      await afterUp?.();
      const destroy = await timed(async () => succeeded(await workspace.destroy()));
      await afterDestroy?.();
      return { resources, preview, up, destroy };
    } catch (error) {
      // Nothing of it may stay on the cluster.
      await workspace.destroy();
      throw error;
    }
  };
  return withWorkspace(PROGRAM, run, { config, env, project: "scale" });
}

async function timed(command: () => Promise<unknown>): Promise<CommandTime> {
  const [started, before] = [performance.now(), childSeconds()];
  await command();
  return { wall: (performance.now() - started) / 1000, cpu: childSeconds() - before };
}

function succeeded(run: EngineRun): EngineRun {
  if (run.code === 0) return run;
  const errors = run.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
  throw new Error(errors.slice(0, 5).join("\n") || run.stderr);
}
