import { inputRule } from "../../model/input-rule";

/** Each may be written in either way. */
const WANTED: readonly (readonly string[])[] = [
  ["requests.cpu", "cpu"],
  ["requests.memory", "memory"],
  ["limits.memory"],
];

export const resourceQuotaBounds = inputRule(
  {
    id: "resource-quota-bounds",
    title: "Quotas bound a namespace's CPU and memory",
    severity: "low",
    description: "A quota on the number of objects lets one namespace take every node all the same.",
    remediation:
      'spec: { hard: { "requests.cpu": "16", "requests.memory": "64Gi", "limits.memory": "64Gi" } }',
    types: ["kubernetes:core/*:ResourceQuota"],
    controls: [],
  },
  (fields) => {
    const spec = fields.get("spec");
    // A quota for a part of the pods is there beside another one.
    if (spec.get("scopes").exists() || spec.get("scopeSelector").exists()) return undefined;
    const hard = spec
      .get("hard")
      .entries()
      .map(([name]) => name);
    const missing = WANTED.filter((names) => !names.some((name) => hard.includes(name)));
    return missing.length === 0
      ? undefined
      : `must bound ${missing.map(([name]) => `\`${name}\``).join(", ")} in \`hard\`.`;
  },
);
