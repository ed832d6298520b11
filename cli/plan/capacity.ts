import type { StepRecord } from "../engine/events";
import { resourceName } from "../../components/internal/gpu-sharing";
import { sharingOf, unitsPerGpu, unitsPerNode } from "./gpu-units";
import { gpusOf, vcpusOf } from "./instance-types";
import { compareText, valueAt } from "./paths";
import { amount } from "./rules/rule";
import { resourcesOf, type Resource } from "./steps";
import { isUnknown } from "./values";

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
/** A resource as it is before, or as it is after. */
type Sided = Pick<Resource, "type" | "id" | "parent"> & { inputs: Inputs };

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

function podTotals(resources: readonly Sided[]): Totals {
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

const WHOLE = "nvidia.com/gpu";

const largest = (nodes: number | undefined, each: readonly (number | undefined)[]): Count =>
  nodes === undefined || each.length === 0 || each.includes(undefined)
    ? "unknown"
    : nodes * Math.max(...(each as readonly number[]));

/** The launch template of a node group. Before it is made it has no id: then it is the one beside the group. */
function templateOf({ inputs, parent }: Sided, resources: readonly Sided[]): Inputs | undefined {
  const id = valueAt(inputs, ["launchTemplate", "id"]);
  if (id === undefined) return undefined;
  const templates = resources.filter(({ type }) => type === "aws:ec2/launchTemplate:LaunchTemplate");
  if (!isUnknown(id)) return templates.find((template) => template.id === id)?.inputs;
  const beside = templates.filter((template) => template.parent === parent);
  return beside.length === 1 ? beside[0]!.inputs : undefined;
}

/** The group's own or, where it names none, its launch template's: AWS takes them in one place only. */
function instanceTypesOf(group: Sided, resources: readonly Sided[]): string[] {
  const { instanceTypes } = group.inputs;
  if (Array.isArray(instanceTypes) && instanceTypes.length > 0) return instanceTypes.map(String);
  const type = templateOf(group, resources)?.instanceType;
  return typeof type === "string" && !isUnknown(type) ? [type] : [];
}

/** True for a group that was meant to have GPUs, whatever its instance types are. */
const meansGpus = ({ amiType, capacityType }: Inputs) =>
  /NVIDIA|GPU/.test(String(amiType)) ||
  (capacityType === "CAPACITY_BLOCK" && !String(amiType).includes("NEURON"));

/** Of a group with several instance types the largest: EKS takes any of them. */
function groupTotals(group: Sided, resources: readonly Sided[], totals: Totals): void {
  const { inputs } = group;
  const nodes = amount(valueAt(inputs, ["scalingConfig", "maxSize"]));
  const types = instanceTypesOf(group, resources);
  add(totals, "cpu", largest(nodes, types.map(vcpusOf)));
  const withGpus = types.filter((type) => gpusOf(type) > 0);
  if (withGpus.length === 0 && !meansGpus(inputs)) return;
  const sharing = sharingOf(record(inputs.labels));
  const units = withGpus.map((type) => unitsPerNode(sharing, type));
  add(totals, resourceName(sharing), largest(nodes, units));
}

/** A pool's limit is of whole GPUs, however its nodes share them. */
function poolTotals({ inputs }: Sided, totals: Totals): void {
  const limits = record(valueAt(inputs, ["spec", "limits"]));
  const template = valueAt(inputs, ["spec", "template"]);
  const sharing = sharingOf(record(valueAt(template, ["metadata", "labels"])));
  const types = list(valueAt(template, ["spec", "requirements"])).flatMap(({ key, values }) =>
    key === "node.kubernetes.io/instance-type" && Array.isArray(values) ? values.map(String) : [],
  );
  for (const resource of new Set(["cpu", ...Object.keys(limits).filter(counted)])) {
    const limit = resource in limits ? (amount(limits[resource]) ?? "unknown") : "unlimited";
    const units = resource === WHOLE ? unitsPerGpu(sharing, types) : 1;
    const count = typeof limit !== "number" ? limit : units === undefined ? "unknown" : limit * units;
    add(totals, resource === WHOLE ? resourceName(sharing) : resource, count);
  }
}

function nodeTotals(resources: readonly Sided[]): Totals {
  const totals: Totals = new Map();
  for (const resource of resources) {
    if (resource.type === "aws:eks/nodeGroup:NodeGroup") groupTotals(resource, resources, totals);
    if (/^kubernetes:karpenter\.sh\/v1(beta1)?:NodePool$/.test(resource.type)) poolTotals(resource, totals);
  }
  return totals;
}

/** GPUs and cores that pods ask for and node pools may have, before and after. */
export function capacityOf(steps: readonly StepRecord[]): CapacityRow[] {
  const resources = resourcesOf(steps);
  const side = (which: "before" | "after") =>
    resources.flatMap(({ type, id, parent, [which]: inputs }) =>
      inputs ? [{ type, id, parent, inputs }] : [],
    );
  const rows = (of: CapacityRow["of"], total: (side: readonly Sided[]) => Totals) => {
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
