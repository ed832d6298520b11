import { SlipwayError } from "../../errors";
import type { Task } from "../../progress";
import type { KubernetesApi } from "../kubernetes-api";
import { waitFor } from "../wait";
import { diagnosePods, isReady, listPods } from "./diagnose";

const READY_TIMEOUT_MS = 120_000;
const ESTABLISHED_TIMEOUT_MS = 30_000;
const POLL_MS = 250;

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

interface Deployment {
  readonly metadata: { readonly generation: number };
  readonly spec: {
    readonly replicas?: number;
    readonly selector: { readonly matchLabels: Record<string, string> };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly replicas?: number;
  };
}

export interface DeploymentName {
  readonly namespace: string;
  readonly name: string;
}

const pathOf = ({ namespace, name }: DeploymentName) =>
  `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;

/** The deployments among `names` that are not (yet) wholly rolled out. */
export async function unready(
  api: KubernetesApi,
  names: readonly DeploymentName[],
): Promise<DeploymentName[]> {
  const ready = await Promise.all(names.map((name) => isServing(api, name)));
  return names.filter((_, index) => !ready[index]);
}

/** Counts pods too: right after a crash a deployment's status still tells of those that are gone. */
async function isServing(api: KubernetesApi, name: DeploymentName): Promise<boolean> {
  const deployment = await api.get<Deployment>(pathOf(name));
  if (!deployment || !isRolledOut(deployment)) return false;
  const { matchLabels } = deployment.spec.selector;
  const pods = await listPods(api, name.namespace, matchLabels);
  return pods.filter(isReady).length >= (deployment.spec.replicas ?? 1);
}

function isRolledOut({ metadata, spec, status }: Deployment): boolean {
  if (!status) return false;
  const wanted = spec.replicas ?? 1;
  const counts = [status.updatedReplicas, status.availableReplicas, status.replicas];
  return (
    status.observedGeneration === metadata.generation && counts.every((count) => (count ?? 0) === wanted)
  );
}

/** Waits until all deployments are rolled out; says why the first one is not when that takes too long. */
export async function waitForDeployments(
  api: KubernetesApi,
  names: readonly DeploymentName[],
  task: Task,
): Promise<void> {
  let missing: readonly DeploymentName[] = names;
  const done = await waitFor(
    async () => {
      missing = await unready(api, missing);
      task.update(`waiting for ${missing.map(({ name }) => name).join(", ")}`);
      return missing.length === 0;
    },
    READY_TIMEOUT_MS,
    POLL_MS,
  );
  const late = missing[0];
  if (done || !late) return;
  const deployment = await api.get<Deployment>(pathOf(late));
  const why = deployment
    ? await diagnosePods(api, late.namespace, deployment.spec.selector.matchLabels)
    : "it does not exist";
  throw new SlipwayError(`${late.name} was not ready within ${READY_TIMEOUT_MS / 1000} s: ${why}`);
}

/** Waits until the API server serves what the definitions declare. */
export function waitForEstablished(api: KubernetesApi, names: readonly string[]): Promise<void> {
  return waitForCondition(
    api,
    names.map((name) => `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`),
    "Established",
  );
}

/** Waits until another API server answers for its group. */
export function waitForApiService(api: KubernetesApi, name: string): Promise<void> {
  return waitForCondition(api, [`/apis/apiregistration.k8s.io/v1/apiservices/${name}`], "Available");
}

async function waitForCondition(api: KubernetesApi, paths: readonly string[], type: string): Promise<void> {
  for (const path of paths) {
    let message = "nothing reported";
    const done = await waitFor(
      async () => {
        const object = await api.get<{ status?: { conditions?: Condition[] } }>(path);
        const condition = object?.status?.conditions?.find((candidate) => candidate.type === type);
        message = condition?.message ?? message;
        return condition?.status === "True";
      },
      ESTABLISHED_TIMEOUT_MS,
      POLL_MS,
    );
    if (!done) {
      const name = path.slice(path.lastIndexOf("/") + 1);
      throw new SlipwayError(`${name} was not ${type} within ${ESTABLISHED_TIMEOUT_MS / 1000} s: ${message}`);
    }
  }
}
