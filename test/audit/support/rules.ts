import type { EnforcementLevel } from "@pulumi/policy";
import type { ConfiguredRule } from "../../../audit/rules";
import type { Control } from "../../../policies/model/controls";
import type { ResourceRule, StackRule } from "../../../policies/model/rule";

const control = (id: string): Control => ({
  framework: "Framework",
  version: "1.0",
  id,
  title: `Control ${id}`,
  source: "https://framework.example",
});

/** Deployments must not have `spec.bad`. */
export const noBad: ResourceRule = {
  id: "no-bad",
  title: "Nothing is bad",
  severity: "high",
  description: "Bad things are bad.",
  remediation: "spec: {}",
  types: ["kubernetes:apps/*:Deployment"],
  controls: [control("2"), control("10")],
  scope: "resource",
  check(subject, verdict, config) {
    if (subject.fields.get("spec", "breaks").isTrue()) throw new Error("nobody thought of this");
    if (subject.fields.get("spec", "bad").exists()) verdict.fail(subject, `must not be ${word(config)}.`);
  },
};

const word = (config: Readonly<Record<string, unknown>>) =>
  typeof config["word"] === "string" ? config["word"] : "bad";

/** Every Service needs a Deployment of its name; nobody may waive that. */
export const hasDeployment: StackRule = {
  id: "has-deployment",
  title: "Services lead somewhere",
  severity: "critical",
  description: "A Service without pods answers nobody.",
  remediation: "new Deployment(…)",
  types: ["kubernetes:core/*:Service"],
  controls: [control("2")],
  waivable: false,
  scope: "stack",
  check(stack, verdict) {
    const name = (subject: (typeof deployments)[number]) => subject.fields.get("metadata", "name").string();
    const deployments = stack.ofKind("apps", "Deployment");
    for (const service of stack.ofKind("", "Service")) {
      verdict.judge(service, () => {
        const wanted = name(service);
        if (!deployments.some((deployment) => name(deployment) === wanted)) {
          verdict.fail(service, "has no Deployment.");
        }
      });
    }
  },
};

export function configured(
  rule: ConfiguredRule["rule"],
  enforcement: EnforcementLevel = "mandatory",
  config: ConfiguredRule["config"] = {},
): ConfiguredRule {
  return { rule, enforcement, config };
}

export const RULES: readonly ConfiguredRule[] = [configured(noBad), configured(hasDeployment)];

const TYPES = {
  Deployment: "kubernetes:apps/v1:Deployment",
  Service: "kubernetes:core/v1:Service",
  ConfigMap: "kubernetes:core/v1:ConfigMap",
} as const;

export const STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";

export function urnOf(kind: keyof typeof TYPES, name: string): string {
  return `urn:pulumi:dev::shop::${TYPES[kind]}::${name}`;
}

/** A Kubernetes object as a state has it. */
export function stateResource(
  kind: keyof typeof TYPES,
  name: string,
  spec: unknown = {},
  more: object = {},
): object {
  const properties = { metadata: { name }, spec };
  const urn = urnOf(kind, name);
  return { urn, type: TYPES[kind], custom: true, inputs: properties, outputs: properties, ...more };
}

export function exported(...resources: object[]): string {
  return JSON.stringify({ version: 3, deployment: { manifest: {}, resources } });
}

export const AROUND = {
  projectRoot: "/home/me/shop",
  fallback: { project: "shop", stack: "dev" },
};
