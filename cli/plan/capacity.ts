import type { StepRecord } from "../engine/events";
import { gpusOf, vcpusOf } from "./instance-types";
import { compareText, valueAt } from "./paths";
import { amount } from "./rules/rule";
import { resourcesOf } from "./steps";

/** A number; or what cannot be counted. */
export type Count = number | "unknown" | "unlimited";

export interface CapacityRow {
  /** `pods`: what they ask for at most, `nodes`: what node pools may have at most. */
  of: "pods" | "nodes";
  /** `cpu` in cores, otherwise the resource's name, e.g. `nvidia.com/gpu`. */
  resource: string;
  before: Count;
  after: Count;
}

type Inputs = Record<string, unknown>;
type Totals = Map<string, Count>;

const GPU_RESOURCE = /^(nvidia|amd)\.com\/|^gpu\.intel\.com\/|^aws\.amazon\.com\/neuron/;
const counted = (resource: string) => resource === "cpu" || GPU_RESOURCE.test(resource);

function sum(a: Count, b: Count): Count {
  if (a === "unlimited" || b === "unlimited") return "unlimited";
  return a === "unknown" || b === "unknown" ? "unknown" : Math.round((a + b) * 1000) / 1000;
}

const add = (totals: Totals, resource: string, count: Count) =>
  totals.set(resource, sum(totals.get(resource) ?? 0, count));

const record = (value: unknown): Inputs =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Inputs) : {};
const list = (value: unknown): Inputs[] => (Array.isArray(value) ? value.map(record) : []);

/** What a container asks for; where it has only limits, they are its requests. */
function requestsOf(container: Inputs): Inputs {
  const resources = record(container.resources);
  return { ...record(resources.limits), ...record(resources.requests) };
}

/** What the scheduler reserves for a pod: its containers together, or the largest init container if that is more. */
function podRequests(template: unknown): Totals {
  const spec = record(valueAt(template, ["spec"]));
  const init = list(spec.initContainers);
  const running = [
    ...list(spec.containers),
    ...init.filter(({ restartPolicy }) => restartPolicy === "Always"),
  ];
  const totals: Totals = new Map();
  for (const container of running) {
    for (const [resource, value] of Object.entries(requestsOf(container))) {
      if (counted(resource)) add(totals, resource, amount(value) ?? "unknown");
    }
  }
  for (const container of init) {
    for (const [resource, value] of Object.entries(requestsOf(container))) {
      const [own, sofar] = [amount(value), totals.get(resource) ?? 0];
      if (counted(resource) && own !== undefined && typeof sofar === "number" && own > sofar)
        totals.set(resource, own);
    }
  }
  return totals;
}

const SCALERS: Readonly<Record<string, readonly [field: string, most: string]>> = {
  "kubernetes:autoscaling/v1:HorizontalPodAutoscaler": ["scaleTargetRef", "maxReplicas"],
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": ["scaleTargetRef", "maxReplicas"],
  "kubernetes:keda.sh/v1alpha1:ScaledObject": ["scaleTargetRef", "maxReplicaCount"],
};
const WORKLOAD = /^kubernetes:apps\/v1:(Deployment|StatefulSet)$/;

const keyOf = (inputs: Inputs, kind: unknown, name: unknown) =>
  `${String(valueAt(inputs, ["metadata", "namespace"]))}/${String(kind)}/${String(name)}`;

function podTotals(resources: readonly { type: string; inputs: Inputs }[]): Totals {
  const most = new Map<string, unknown>();
  for (const { type, inputs } of resources) {
    const scaler = SCALERS[type];
    if (!scaler) continue;
    const target = record(valueAt(inputs, ["spec", scaler[0]]));
    // KEDA takes 100 where nothing is said.
    most.set(
      keyOf(inputs, target.kind ?? "Deployment", target.name),
      valueAt(inputs, ["spec", scaler[1]]) ?? 100,
    );
  }
  const totals: Totals = new Map();
  for (const { type, inputs } of resources) {
    const kind = WORKLOAD.exec(type)?.[1];
    if (!kind) continue;
    const scaled = most.get(keyOf(inputs, kind, valueAt(inputs, ["metadata", "name"])));
    const pods = amount(scaled ?? valueAt(inputs, ["spec", "replicas"]) ?? 1);
    for (const [resource, count] of podRequests(valueAt(inputs, ["spec", "template"]))) {
      const known = pods !== undefined && typeof count === "number";
      add(totals, resource, known ? pods * count : "unknown");
    }
  }
  return totals;
}

/** Of a group with several instance types the largest: EKS takes any of them. */
function groupTotals(inputs: Inputs, totals: Totals): void {
  const nodes = amount(valueAt(inputs, ["scalingConfig", "maxSize"]));
  const types = Array.isArray(inputs.instanceTypes) ? inputs.instanceTypes.map(String) : [];
  const cores = types.map(vcpusOf);
  const isKnown = nodes !== undefined && cores.length > 0 && !cores.includes(undefined);
  add(totals, "cpu", isKnown ? nodes * Math.max(...(cores as number[])) : "unknown");
  const gpus = Math.max(0, ...types.map(gpusOf));
  if (gpus > 0) add(totals, "nvidia.com/gpu", nodes === undefined ? "unknown" : nodes * gpus);
}

function nodeTotals(resources: readonly { type: string; inputs: Inputs }[]): Totals {
  const totals: Totals = new Map();
  for (const { type, inputs } of resources) {
    if (type === "aws:eks/nodeGroup:NodeGroup") groupTotals(inputs, totals);
    if (!/^kubernetes:karpenter\.sh\/v1(beta1)?:NodePool$/.test(type)) continue;
    const limits = record(valueAt(inputs, ["spec", "limits"]));
    for (const resource of new Set(["cpu", ...Object.keys(limits).filter(counted)])) {
      add(totals, resource, resource in limits ? (amount(limits[resource]) ?? "unknown") : "unlimited");
    }
  }
  return totals;
}

/** GPUs and cores that pods ask for and node pools may have, before and after. */
export function capacityOf(steps: readonly StepRecord[]): CapacityRow[] {
  const resources = resourcesOf(steps);
  const side = (which: "before" | "after") =>
    resources.flatMap(({ type, [which]: inputs }) => (inputs ? [{ type, inputs }] : []));
  const rows = (of: CapacityRow["of"], total: (side: { type: string; inputs: Inputs }[]) => Totals) => {
    const [before, after] = [total(side("before")), total(side("after"))];
    return [...new Set([...before.keys(), ...after.keys()])].sort(compareText).map((resource) => ({
      of,
      resource,
      before: before.get(resource) ?? 0,
      after: after.get(resource) ?? 0,
    }));
  };
  return [...rows("pods", podTotals), ...rows("nodes", nodeTotals)];
}
