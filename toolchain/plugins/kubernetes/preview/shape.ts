import type { CheckFailure } from "../../shared/provider";
import { isObject, isUnknown } from "../../shared/values";
import { formatPath } from "../../shared/diff";
import type { KubeObject } from "../object";
import { at } from "../object";

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SERVICE_NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

function nameRule({ apiVersion, kind }: KubeObject): { pattern: RegExp; text: string } {
  if (typeof apiVersion === "string" && apiVersion.startsWith("rbac.authorization.k8s.io/")) {
    return { pattern: /^(?!\.{1,2}$)[^/%]+$/, text: 'anything without "/" and "%"' };
  }
  if (kind === "Service" && apiVersion === "v1") {
    return { pattern: SERVICE_NAME, text: "lower-case letters, digits and dashes, starting with a letter" };
  }
  if (kind === "Namespace" && apiVersion === "v1") {
    return { pattern: LABEL, text: "lower-case letters, digits and dashes, at most 63" };
  }
  return { pattern: SUBDOMAIN, text: "lower-case letters, digits, dashes and dots" };
}

/** Kinds whose names follow rules of their own. */
const FREELY_NAMED = new Set(["IPAddress", "ComponentStatus", "Event"]);

function mapFailures(object: KubeObject, field: "labels" | "annotations"): CheckFailure[] {
  const map = at(object, "metadata", field);
  if (map === undefined || map === null || isUnknown(map)) return [];
  const path = ["metadata", field];
  if (!isObject(map)) return [{ property: formatPath(path), reason: "Must be a map of texts." }];
  return Object.entries(map).flatMap(([key, value]) => {
    const property = formatPath([...path, key]);
    if (!QUALIFIED.test(key.toLowerCase()))
      return [{ property, reason: `"${key}" is not a valid ${field.slice(0, -1)} key.` }];
    if (isUnknown(value) || value === null) return [];
    if (typeof value !== "string") {
      return [{ property, reason: `Must be a text, but is ${JSON.stringify(value)}: put it in quotes.` }];
    }
    if (field === "labels" && !LABEL_VALUE.test(value)) {
      return [
        {
          property,
          reason: `"${value}" is not a valid label value: at most 63 letters, digits, "-", "_" and ".".`,
        },
      ];
    }
    return [];
  });
}

/**
 * What is wrong with an object whatever its kind: what can be said without any cluster or schema. Unknown values
 * pass.
 */
export function shapeFailures(object: KubeObject): CheckFailure[] {
  const failures: CheckFailure[] = [];
  for (const field of ["apiVersion", "kind"] as const) {
    const value: unknown = object[field];
    if (isUnknown(value)) continue;
    if (typeof value !== "string" || value === "") {
      failures.push({
        property: field,
        reason: `Must be a text, but is ${JSON.stringify(value) ?? "missing"}.`,
      });
    }
  }
  const metadata: unknown = object.metadata;
  if (isUnknown(metadata)) return failures;
  if (metadata !== undefined && !isObject(metadata)) {
    return [...failures, { property: "metadata", reason: "Must be an object." }];
  }
  if (at(object, "metadata", "generateName") !== undefined) {
    const reason = "Not supported with server-side apply: leave the name out, and one is generated.";
    failures.push({ property: "metadata.generateName", reason });
  }
  const name = at(object, "metadata", "name");
  const { pattern, text } = nameRule(object);
  if (
    !isUnknown(name) &&
    !FREELY_NAMED.has(object.kind ?? "") &&
    (typeof name !== "string" || !pattern.test(name))
  ) {
    failures.push({ property: "metadata.name", reason: `"${String(name)}" is not a valid name: ${text}.` });
  }
  const namespace = at(object, "metadata", "namespace");
  if (
    namespace !== undefined &&
    !isUnknown(namespace) &&
    (typeof namespace !== "string" || !LABEL.test(namespace))
  ) {
    failures.push({
      property: "metadata.namespace",
      reason: `"${String(namespace)}" is not a valid namespace.`,
    });
  }
  return [...failures, ...mapFailures(object, "labels"), ...mapFailures(object, "annotations")];
}
