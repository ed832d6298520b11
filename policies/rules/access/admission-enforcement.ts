import { ofKind, typesOfKinds } from "../../model/by-kind";
import type { Field } from "../../model/field";
import { inputRule, type Problem } from "../../model/input-rule";
import { kubernetesKind } from "../../model/subject";

const is = (field: Field, action: string): boolean =>
  (field.string() ?? "").toLowerCase() === action.toLowerCase();

/** What Kubernetes' own policies and Kyverno's newer kinds list: all of them apply, and only Deny refuses. */
function denies(actions: Field): boolean {
  return actions.items().some((action) => is(action, "Deny"));
}

/** What a rule of Kyverno that validates does with what it does not allow; its policy says it for all of them, else it audits. */
function kyvernoAudits(spec: Field): boolean {
  const ofAll = spec.get("validationFailureAction");
  const acts = (own: Field): boolean => is(own.exists() ? own : ofAll, "Enforce");
  return spec
    .get("rules")
    .items()
    .some((rule) => {
      const checks = [rule.get("validate"), ...rule.get("verifyImages").items()];
      return checks.some((check) => check.exists() && !acts(check.get("failureAction")));
    });
}

/** Gatekeeper denies unless it is told otherwise; `scoped` leaves it to a list of actions for parts of it. */
function gatekeeperAudits(spec: Field): boolean {
  const action = spec.get("enforcementAction");
  if (is(action, "scoped"))
    return !spec.all(["scopedEnforcementActions", "*", "action"]).some((one) => is(one, "deny"));
  return action.exists() && !is(action, "deny");
}

/** A switch with one word for only watching. */
const told =
  (key: string, word: string) =>
  (spec: Field): string | undefined =>
    is(spec.get(key), word) ? `must not set \`spec.${key}: ${word}\`: it refuses nothing.` : undefined;

const KYVERNO = (spec: Field): string | undefined =>
  kyvernoAudits(spec) ? "must enforce each of its rules (`failureAction: Enforce`), not audit." : undefined;

/** Left out, these kinds of Kyverno deny. */
const KYVERNO_ACTIONS = (spec: Field): string | undefined => {
  const actions = spec.get("validationActions");
  return actions.exists() && !denies(actions) ? "must have Deny in `spec.validationActions`." : undefined;
};

const CHECKS: Readonly<Record<string, (spec: Field) => Problem>> = {
  "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding": (spec) =>
    denies(spec.get("validationActions")) ? undefined : "must have Deny in `spec.validationActions`.",
  "kyverno.io/ClusterPolicy": KYVERNO,
  "kyverno.io/Policy": KYVERNO,
  "policies.kyverno.io/ValidatingPolicy": KYVERNO_ACTIONS,
  "policies.kyverno.io/ImageValidatingPolicy": KYVERNO_ACTIONS,
  "policies.kubewarden.io/ClusterAdmissionPolicy": told("mode", "monitor"),
  "policies.kubewarden.io/AdmissionPolicy": told("mode", "monitor"),
  "policy.sigstore.dev/ClusterImagePolicy": told("mode", "warn"),
};

const GATEKEEPER = "constraints.gatekeeper.sh";

export const admissionEnforcement = inputRule(
  {
    id: "admission-enforcement",
    title: "Admission policies refuse what they do not allow",
    severity: "medium",
    description:
      "A policy that audits or warns writes down what it should have kept out, which runs by then. To try one out that way is a step of its introduction, not its end.",
    remediation: 'spec: { policyName, validationActions: ["Deny", "Audit"] }',
    types: [...typesOfKinds(CHECKS), `kubernetes:${GATEKEEPER}/*:*`],
    controls: [],
  },
  (fields, { type }) => {
    const spec = fields.get("spec");
    if (kubernetesKind(type)?.group !== GATEKEEPER) return ofKind(CHECKS, type)?.(spec);
    return gatekeeperAudits(spec)
      ? `must have the enforcement action deny (given: ${spec.get("enforcementAction").show()}).`
      : undefined;
  },
);
