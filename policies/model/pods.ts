import type { Control } from "./controls";
import type { Field } from "./field";
import type { ResourceRule, RuleMetadata } from "./rule";
import { kubernetesKind, type Subject } from "./subject";
import type { TypePattern } from "./type-pattern";
import type { Verdict } from "./verdict";

/** Where each kind keeps its pod template: the path to the object that holds `metadata` and `spec`. */
const TEMPLATE_PATHS: Readonly<Record<string, readonly string[]>> = {
  "/Pod": [],
  "/PodTemplate": ["template"],
  "/ReplicationController": ["spec", "template"],
  "apps/Deployment": ["spec", "template"],
  "apps/StatefulSet": ["spec", "template"],
  "apps/DaemonSet": ["spec", "template"],
  "apps/ReplicaSet": ["spec", "template"],
  "extensions/Deployment": ["spec", "template"],
  "extensions/DaemonSet": ["spec", "template"],
  "extensions/ReplicaSet": ["spec", "template"],
  "batch/Job": ["spec", "template"],
  "batch/CronJob": ["spec", "jobTemplate", "spec", "template"],
  "argoproj.io/Rollout": ["spec", "template"],
  "serving.knative.dev/Service": ["spec", "template"],
  "keda.sh/ScaledJob": ["spec", "jobTargetRef", "template"],
};

/** Type patterns of every kind that carries a pod template. */
export const POD_TYPES: readonly TypePattern[] = Object.keys(TEMPLATE_PATHS).map(typePattern);

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
export const POD_KINDS: readonly (readonly [group: string, kind: string])[] = Object.keys(TEMPLATE_PATHS).map(
  (key) => {
    const [group = "", kind = ""] = key.split("/");
    return [group, kind] as const;
  },
);

function typePattern(key: string): TypePattern {
  const [group = "", kind = ""] = key.split("/");
  return `kubernetes:${group === "" ? "core" : group}/*:${kind}`;
}

/** The pod template of a subject (its `metadata` and `spec`), or undefined where the kind has none. */
export function podTemplateOf(subject: Subject): Field | undefined {
  const kind = kubernetesKind(subject.type);
  const path = kind && TEMPLATE_PATHS[`${kind.group}/${kind.kind}`];
  return path && subject.fields.get(...path);
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
  judge: (podSpec: Field, subject: Subject, verdict: Verdict) => void,
): ResourceRule {
  return {
    types: POD_TYPES,
    controls: [],
    ...wording,
    scope: "resource",
    check(subject, verdict) {
      verdict.judge(subject, () => {
        const spec = podTemplateOf(subject)?.get("spec");
        if (spec?.exists()) judge(spec, subject, verdict);
      });
    },
  };
}

/** A rule about the pod spec as a whole. `check` gives the problem, or undefined where there is none. */
export function podRule(
  wording: Wording,
  check: (podSpec: Field, subject: Subject) => string | undefined,
): ResourceRule {
  return podSpecRule(wording, (spec, subject, verdict) => {
    const problem = check(spec, subject);
    if (problem !== undefined) verdict.fail(subject, problem);
  });
}

/** A rule about each container by itself, so that one unknown value leaves the others judged. */
export function containerRule(
  wording: Wording,
  check: (container: Field, podSpec: Field) => string | undefined,
  select: (podSpec: Field) => Field[] = containersOf,
): ResourceRule {
  return podSpecRule(wording, (spec, subject, verdict) => {
    for (const container of select(spec)) {
      verdict.judge(subject, () => {
        const problem = check(container, spec);
        if (problem !== undefined) verdict.fail(subject, `${describeContainer(container)} ${problem}`);
      });
    }
  });
}
