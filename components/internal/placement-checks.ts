import { isHostName, type Problems } from "./validation";

/** What a node must have, as a pod's node affinity says it. */
export interface NodeRequirement {
  /** Label of the node. */
  readonly key: string;
  /** How the label's value is compared. */
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
  /**
   * What it is compared with: at least one value for `In` and `NotIn`, one whole number >= 0 for `Gt` and `Lt`, else none.
   * @default []
   */
  readonly values?: readonly string[];
}

/** A taint that pods put up with. */
export interface Toleration {
  /** Key of the taint. */
  readonly key: string;
  /**
   * `Equal` (the taint has this value) or `Exists` (it has any).
   * @default "Equal"
   */
  readonly operator?: string;
  /**
   * Value of the taint, for `Equal`.
   * @default ""
   */
  readonly value?: string;
  /**
   * `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
   * @default every effect
   */
  readonly effect?: string;
}

/** Labels that the service's own objects find its pods by. */
const OWN_LABELS = [
  "app.kubernetes.io/name",
  "app.kubernetes.io/instance",
  "app.kubernetes.io/part-of",
  "pod-template-hash",
];

/** Annotations that the service sets itself. */
const OWN_ANNOTATIONS = ["kubectl.kubernetes.io/default-container"];

/** Kubernetes allows all annotations of an object 256 KiB; this leaves room for those of others. */
const MOST_ANNOTATION_BYTES = 192 * 1024;

const KEY_FORM = 'a label\'s key, as in "example.com/team"';
const VALUE_FORM =
  'at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit';

const OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"];
const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** The part of a service that says where its pods go and what they are marked with. */
export interface PodMarks {
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly nodeRequirements: readonly NodeRequirement[];
  readonly tolerations: readonly Toleration[];
  readonly podLabels: Readonly<Record<string, string>>;
  readonly podAnnotations: Readonly<Record<string, string>>;
  readonly imagePullSecrets: readonly string[];
  readonly priorityClassName?: string;
}

/** Records what the API server would refuse in a pod, or in its Deployment only once there is a pod. */
export function checkPodMarks(pod: PodMarks, problems: Problems): void {
  checkLabels("nodeSelector", pod.nodeSelector, problems);
  checkLabels("podLabels", pod.podLabels, problems);
  checkOwn("podLabels", pod.podLabels, OWN_LABELS, problems);
  checkAnnotations(pod.podAnnotations, problems);
  pod.nodeRequirements.forEach((need, i) => checkRequirement(need, `nodeRequirements[${i}]`, problems));
  pod.tolerations.forEach((toleration, i) => checkToleration(toleration, `tolerations[${i}]`, problems));
  pod.imagePullSecrets.forEach((secret, i) =>
    problems.check(isHostName(secret), `imagePullSecrets[${i}]`, `"${secret}" must be the name of a Secret`),
  );
  const { priorityClassName } = pod;
  problems.check(
    priorityClassName === undefined || isHostName(priorityClassName),
    "priorityClassName",
    `"${priorityClassName}" must be the name of a PriorityClass`,
  );
}

/** Records which keys and values of labels the API server would refuse. */
export function checkLabels(
  field: string,
  labels: Readonly<Record<string, string>>,
  problems: Problems,
): void {
  for (const [key, value] of Object.entries(labels)) {
    problems.check(isQualifiedName(key), `${field}["${key}"]`, `"${key}" must be ${KEY_FORM}`);
    problems.check(isLabelValue(value), `${field}["${key}"]`, `"${value}" must be ${VALUE_FORM}`);
  }
}

function checkOwn(
  field: string,
  given: Readonly<Record<string, string>>,
  own: readonly string[],
  problems: Problems,
): void {
  for (const key of own) {
    problems.check(!Object.hasOwn(given, key), `${field}["${key}"]`, "is set by the service itself");
  }
}

function checkAnnotations(annotations: Readonly<Record<string, string>>, problems: Problems): void {
  checkOwn("podAnnotations", annotations, OWN_ANNOTATIONS, problems);
  for (const key of Object.keys(annotations)) {
    problems.check(isQualifiedName(key), `podAnnotations["${key}"]`, `"${key}" must be ${KEY_FORM}`);
  }
  const bytes = Object.entries(annotations).reduce((sum, pair) => sum + Buffer.byteLength(pair.join("")), 0);
  problems.check(
    bytes <= MOST_ANNOTATION_BYTES,
    "podAnnotations",
    `${bytes} bytes in all must be at most ${MOST_ANNOTATION_BYTES}`,
  );
}

function checkRequirement(need: NodeRequirement, path: string, problems: Problems): void {
  const { key, operator, values = [] } = need;
  problems.check(isQualifiedName(key), `${path}.key`, `"${key}" must be ${KEY_FORM}`);
  problems.check(
    OPERATORS.includes(operator),
    `${path}.operator`,
    `"${operator}" must be one of ${OPERATORS.join(", ")}`,
  );
  const given = `[${values.map((value) => `"${value}"`).join(", ")}]`;
  if (operator === "In" || operator === "NotIn") {
    problems.check(values.length > 0, `${path}.values`, `${given} must have at least one value`);
    values.forEach((value, i) =>
      problems.check(isLabelValue(value), `${path}.values[${i}]`, `"${value}" must be ${VALUE_FORM}`),
    );
  } else if (operator === "Gt" || operator === "Lt") {
    problems.check(
      values.length === 1 && /^\d{1,15}$/.test(values[0] ?? ""),
      `${path}.values`,
      `${given} must be one whole number >= 0`,
    );
  } else {
    problems.check(values.length === 0, `${path}.values`, `${given} must be empty for ${operator}`);
  }
}

/** Records what the API server would refuse of a toleration, or of the taint that it puts up with. */
export function checkToleration(toleration: Toleration, path: string, problems: Problems): void {
  const { key, operator = "Equal", value, effect } = toleration;
  problems.check(isQualifiedName(key), `${path}.key`, `"${key}" must be ${KEY_FORM}`);
  problems.check(
    operator === "Equal" || operator === "Exists",
    `${path}.operator`,
    `"${operator}" must be Equal or Exists`,
  );
  problems.check(
    operator !== "Exists" || !value,
    `${path}.value`,
    `"${value}" must be left out where the operator is Exists`,
  );
  if (operator === "Equal" && value !== undefined) {
    problems.check(isLabelValue(value), `${path}.value`, `"${value}" must be ${VALUE_FORM}`);
  }
  problems.check(
    effect === undefined || EFFECTS.includes(effect),
    `${path}.effect`,
    `"${effect}" must be one of ${EFFECTS.join(", ")}`,
  );
}

function isQualifiedName(key: string): boolean {
  const parts = key.split("/");
  const name = parts.pop() ?? "";
  return (
    parts.length <= 1 && parts.every(isHostName) && name !== "" && name.length <= 63 && isLabelValue(name)
  );
}

function isLabelValue(value: string): boolean {
  return value === "" || /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(value);
}
