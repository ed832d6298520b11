import type { PlainResource } from "../../../policies/testing";
import { TERRAFORM_TYPES } from "./terraform-types";

/** Inputs that the bridge gives another name than that of Terraform's attribute. */
const RENAMED: Readonly<Record<string, string>> = {
  restApi: "rest_api_id",
  deployment: "deployment_id",
  topic: "topic_arn",
  function: "function_name",
  vpcZoneIdentifiers: "vpc_zone_identifier",
};

/** Maps whose keys are the user's own. */
const FREE_MAPS = new Set(["tags", "variables"]);

/** Arrays of objects that Terraform names in the plural or as it does in the singular. */
const KEPT = new Set([
  "ingress",
  "egress",
  "accessLogs",
  "blockDeviceMappings",
  "networkInterfaces",
  "logPublishingOptions",
]);

/** Inputs that refer to other resources. */
const REFERENCES =
  /(?:Id|Arn|Name|Url)s?$|^(?:bucket|role|topic|function|repository|arn|group|securityGroups)$/;

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function singular(name: string): string {
  if (KEPT.has(name)) return name;
  if (name.endsWith("ies")) return `${name.slice(0, -3)}y`;
  return /(?<!s)s$/.test(name) ? name.slice(0, -1) : name;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function attributes(
  props: Record<string, unknown>,
  link: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(props)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => attribute(key, value, link)),
  );
}

function attribute(key: string, value: unknown, link: (value: unknown) => unknown): [string, unknown] {
  // A document may be an object in Pulumi; in Terraform it is always a text.
  if (isObject(value) && "Statement" in value) return [snake(key), JSON.stringify(value)];
  if (FREE_MAPS.has(key)) return [snake(key), value];
  if (isObject(value)) return [RENAMED[key] ?? snake(key), attributes(value, link)];
  if (Array.isArray(value) && value.some(isObject)) {
    const items = value.map((item) => (isObject(item) ? attributes(item, link) : item));
    return [RENAMED[key] ?? snake(singular(key)), items];
  }
  const linked = (item: unknown): unknown => (REFERENCES.test(key) ? link(item) : item);
  return [RENAMED[key] ?? snake(key), Array.isArray(value) ? value.map(linked) : linked(value)];
}

/** What Terraform computes, which a configuration must not set. */
const COMPUTED = ["id", "arn"];

/** Names of inputs under which resources refer to one another. */
const NAMES = ["bucket", "name", "id", "arn", "clusterName", "repository"];

/**
 * AWS resources as one configuration of Terraform; a value that is another's name becomes a reference to it.
 * @param label Terraform's name of a resource, by Pulumi's
 */
export function toTerraform(
  resources: readonly PlainResource[],
  label: (name: string) => string,
): Record<string, unknown> {
  const known = resources.filter(({ type }) => TERRAFORM_TYPES[type]);
  const targets = new Map<unknown, string>();
  for (const { type, name, props } of known) {
    if (isCompanion(type)) continue;
    for (const key of NAMES) {
      if (typeof props[key] !== "string") continue;
      const attribute = key === "arn" ? "arn" : key === "name" ? "name" : "id";
      targets.set(props[key], `\${${TERRAFORM_TYPES[type]}.${label(name!)}.${attribute}}`);
    }
  }
  const blocks: Record<string, Record<string, unknown>> = {};
  for (const { type, name = "", props } of known) {
    const own = new Set(isCompanion(type) ? [] : NAMES.map((key) => props[key]));
    const link = (value: unknown): unknown => (own.has(value) ? value : (targets.get(value) ?? value));
    const inputs = Object.fromEntries(
      Object.entries(props).filter(([key]) => isCompanion(type) || !COMPUTED.includes(key)),
    );
    (blocks[TERRAFORM_TYPES[type]!] ??= {})[label(name)] = attributes(inputs, link);
  }
  return { resource: blocks };
}

/** Resources that only add to another one, and carry its name as their own. */
function isCompanion(type: string): boolean {
  return /^aws:(?:s3\/accessPoint|s3\/bucket[A-Z](?!2:)|sns\/topic[A-Z]|ecr\/(?:lifecycle|repositoryPolicy)|iam\/\w*(?:[pP]olicy|Attachment):|vpc\/|lambda\/(?:permission|functionUrl)|secretsmanager\/secret[A-Z])/.test(
    type,
  );
}
