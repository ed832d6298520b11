import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { isObject } from "../audit/json";
import type { StepRecord } from "./engine/events";
import { UNKNOWN } from "./engine/unknown";

/** What stands in a rendered file for a value that only the update can know. */
const PLACEHOLDER = "known-after-up";

interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata?: { name?: string; namespace?: string };
  /** Of a Secret its type, as in `kubernetes.io/tls`. */
  type?: string;
  data?: Record<string, unknown> | string;
}

const isKubernetesObject = (inputs: unknown): inputs is KubernetesObject =>
  isObject(inputs) && typeof inputs.apiVersion === "string" && typeof inputs.kind === "string";

/** Replaces unknown values, wherever they are, with a readable placeholder. */
export function withoutUnknowns(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll(UNKNOWN, PLACEHOLDER);
  if (Array.isArray(value)) return value.map(withoutUnknowns);
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !key.startsWith("__"))
        .map(([key, inner]) => [key, withoutUnknowns(inner)]),
    );
  }
  return value;
}

/** Values of a Secret are base64, and so is what stands for one that is not written down. */
export function withEncodedPlaceholders(object: KubernetesObject): KubernetesObject {
  if (object.apiVersion !== "v1" || object.kind !== "Secret" || !object.data) return object;
  const { data } = object;
  const entries =
    typeof data === "string" ? keysOf(object).map((key) => [key, data] as const) : Object.entries(data);
  const encoded = entries.map(([key, value]) => [
    key,
    typeof value === "string" && BASE64.test(value) ? value : Buffer.from(String(value)).toString("base64"),
  ]);
  return { ...object, data: Object.fromEntries(encoded) as Record<string, unknown> };
}

/** What a Secret of its type must have. */
const keysOf = ({ type }: KubernetesObject) => (type === "kubernetes.io/tls" ? ["tls.crt", "tls.key"] : []);

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const safe = (text: string) => text.toLowerCase().replace(/[^a-z0-9.-]+/g, "-");

/** Writes the Kubernetes objects among `steps`, one file each, and returns the files' names. */
export function writeObjects(steps: StepRecord[], dir: string): string[] {
  mkdirSync(dir, { recursive: true });
  const files: string[] = [];
  for (const { type, inputs, urn } of steps) {
    if (!type.startsWith("kubernetes:") || !isKubernetesObject(inputs)) continue;
    const object = withEncodedPlaceholders(withoutUnknowns(inputs) as KubernetesObject);
    // The cluster chooses some names: the resource's own keeps their files apart.
    const { name = urn.split("::").at(-1), namespace } = object.metadata ?? {};
    const file = `${[namespace, object.kind, name]
      .filter(Boolean)
      .map((part) => safe(String(part)))
      .join("_")}.yaml`;
    // kubectl reads YAML 1.1, where `n`, `on` and `1:30` without quotes are no texts.
    writeFileSync(join(dir, file), stringify(object, { compat: "yaml-1.1" }));
    files.push(file);
  }
  return files;
}
