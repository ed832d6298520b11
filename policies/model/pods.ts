import type { Control } from "./controls";
import type { Field } from "./field";
import type { ResourceRule, RuleConfig, RuleMetadata } from "./rule";
import { kubernetesKind, type Subject } from "./subject";
import type { TypePattern } from "./type-pattern";
import type { Verdict } from "./verdict";

/** Steps to an object that holds a pod template's `metadata` and `spec`; `*` stands for each item or entry. */
type Path = readonly string[];

const OWN: readonly Path[] = [["spec", "template"]];
const replicas = (name: string): readonly Path[] => [["spec", name, "*", "template"]];
const rayCluster = (...owner: Path): readonly Path[] => [
  [...owner, "headGroupSpec", "template"],
  [...owner, "workerGroupSpecs", "*", "template"],
];

/** Where each kind keeps its pod templates. */
const TEMPLATE_PATHS: Readonly<Record<string, readonly Path[]>> = {
  "/Pod": [[]],
  "/PodTemplate": [["template"]],
  "/ReplicationController": OWN,
  "apps/Deployment": OWN,
  "apps/StatefulSet": OWN,
  "apps/DaemonSet": OWN,
  "apps/ReplicaSet": OWN,
  "extensions/Deployment": OWN,
  "extensions/DaemonSet": OWN,
  "extensions/ReplicaSet": OWN,
  "batch/Job": OWN,
  "batch/CronJob": [["spec", "jobTemplate", "spec", "template"]],
  "argoproj.io/Rollout": OWN,
  "serving.knative.dev/Service": OWN,
  "serving.knative.dev/Configuration": OWN,
  "keda.sh/ScaledJob": [["spec", "jobTargetRef", "template"]],
  "jobset.x-k8s.io/JobSet": [["spec", "replicatedJobs", "*", "template", "spec", "template"]],
  "leaderworkerset.x-k8s.io/LeaderWorkerSet": [
    ["spec", "leaderWorkerTemplate", "leaderTemplate"],
    ["spec", "leaderWorkerTemplate", "workerTemplate"],
  ],
  "kubeflow.org/PyTorchJob": replicas("pytorchReplicaSpecs"),
  "kubeflow.org/TFJob": replicas("tfReplicaSpecs"),
  "kubeflow.org/MPIJob": replicas("mpiReplicaSpecs"),
  "ray.io/RayCluster": rayCluster("spec"),
  "ray.io/RayService": rayCluster("spec", "rayClusterConfig"),
  "ray.io/RayJob": rayCluster("spec", "rayClusterSpec"),
};

/** Kinds that hold a pod spec itself, among fields of their own. */
const SPEC_PATHS: Readonly<Record<string, readonly Path[]>> = {
  "serving.kserve.io/InferenceService": [
    ["spec", "predictor"],
    ["spec", "transformer"],
    ["spec", "explainer"],
  ],
};

const KINDS = [...Object.keys(TEMPLATE_PATHS), ...Object.keys(SPEC_PATHS)];

/** Type patterns of every kind that carries a pod template. */
export const POD_TYPES: readonly TypePattern[] = KINDS.map(typePattern);

/** Kinds whose pods are meant to run on: what a probe can restart or take out of service. */
export const LONG_RUNNING_TYPES: readonly TypePattern[] = [
  "apps/Deployment",
  "apps/StatefulSet",
  "apps/DaemonSet",
  "apps/ReplicaSet",
  "extensions/Deployment",
  "extensions/DaemonSet",
  "extensions/ReplicaSet",
  "/ReplicationController",
  "argoproj.io/Rollout",
].map(typePattern);

/** Groups and kinds that carry a pod template, for stack rules. */
export const POD_KINDS: readonly (readonly [group: string, kind: string])[] = KINDS.map((key) => {
  const [group = "", kind = ""] = key.split("/");
  return [group, kind] as const;
});

function typePattern(key: string): TypePattern {
  const [group = "", kind = ""] = key.split("/");
  return `kubernetes:${group === "" ? "core" : group}/*:${kind}`;
}

/** The pod templates of a subject (each with `metadata` and `spec`); none where its kind has none. @throws UnknownRead */
export function podTemplatesOf(subject: Subject): Field[] {
  const { group, kind } = kubernetesKind(subject.type) ?? {};
  const key = `${group}/${kind}`;
  return [
    ...(TEMPLATE_PATHS[key] ?? []).flatMap((path) => subject.fields.all(path)),
    ...(SPEC_PATHS[key] ?? []).flatMap((path) => subject.fields.all(path)).map((spec) => spec.within("spec")),
  ];
}

/** The first pod template of a subject, the only one of most kinds. @throws UnknownRead */
export function podTemplateOf(subject: Subject): Field | undefined {
  return podTemplatesOf(subject)[0];
}

/** Steps to the pod specs of a kind, `*` included. */
export function podSpecPaths(type: string): readonly Path[] {
  const { group, kind } = kubernetesKind(type) ?? {};
  const key = `${group}/${kind}`;
  return [...(TEMPLATE_PATHS[key] ?? []).map((path) => [...path, "spec"]), ...(SPEC_PATHS[key] ?? [])];
}

/** Containers of every sort: init and ephemeral ones included. @throws UnknownRead */
export function containersOf(podSpec: Field): Field[] {
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((list) => podSpec.get(list).items());
}

/** `container \`name\``, for messages; never throws. */
export function describeContainer(container: Field): string {
  const name = container.get("name");
  return `container \`${name.isUnknown ? container.path : (name.string() ?? container.path)}\``;
}

/** The account that a pod names, by the deprecated field too; an empty name is none. @throws UnknownRead */
export function accountNameOf(podSpec: Field): string {
  return podSpec.get("serviceAccountName").string() || podSpec.get("serviceAccount").string() || "default";
}

/** The restricted profile exempts Windows pods from what only Linux has. @throws UnknownRead */
export function runsOnWindows(podSpec: Field): boolean {
  return podSpec.get("os", "name").string() === "windows";
}

type Wording = Omit<RuleMetadata, "types" | "controls"> & {
  readonly types?: readonly TypePattern[];
  readonly controls?: readonly Control[];
};

/** A rule of every resource that holds pods; `judge` is not called where there is no pod spec. */
function podSpecRule(
  wording: Wording,
  judge: (podSpec: Field, template: Field, subject: Subject, verdict: Verdict, config: RuleConfig) => void,
): ResourceRule {
  return {
    types: POD_TYPES,
    controls: [],
    ...wording,
    scope: "resource",
    check(subject, verdict, config) {
      verdict.judge(subject, () => {
        for (const template of podTemplatesOf(subject)) {
          const spec = template.get("spec");
          if (spec.exists()) judge(spec, template, subject, verdict, config);
        }
      });
    },
  };
}

/** A rule about the pod spec as a whole. `check` gives the problem, or undefined where there is none. */
export function podRule(
  wording: Wording,
  check: (podSpec: Field, template: Field, subject: Subject) => string | undefined,
): ResourceRule {
  return podSpecRule(wording, (spec, template, subject, verdict) => {
    const problem = check(spec, template, subject);
    if (problem !== undefined) verdict.fail(subject, problem);
  });
}

/** A rule about each container by itself, so that one unknown value leaves the others judged. */
export function containerRule(
  wording: Wording,
  check: (container: Field, podSpec: Field, config: RuleConfig) => string | undefined,
  select: (podSpec: Field) => Field[] = containersOf,
): ResourceRule {
  return podSpecRule(wording, (spec, _template, subject, verdict, config) => {
    for (const container of select(spec)) {
      verdict.judge(subject, () => {
        const problem = check(container, spec, config);
        if (problem !== undefined) verdict.fail(subject, `${describeContainer(container)} ${problem}`);
      });
    }
  });
}
