import { admissionEnforcement } from "../../../../policies/rules/access/admission-enforcement";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const of = (type: string) => (spec: unknown) =>
  put("policy", `kubernetes:${type}`, { metadata: { name: "digests" }, spec });

const binding = of("admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding");
const kyverno = of("kyverno.io/v1:ClusterPolicy");
const validating = of("policies.kyverno.io/v1alpha1:ValidatingPolicy");
const constraint = of("constraints.gatekeeper.sh/v1beta1:K8sRequiredLabels");
const kubewarden = of("policies.kubewarden.io/v1:ClusterAdmissionPolicy");
const sigstore = of("policy.sigstore.dev/v1beta1:ClusterImagePolicy");

const checks = (failureAction?: unknown) => ({
  name: "digest",
  validate: { ...(failureAction !== undefined && { failureAction }), pattern: {} },
});

describeRule(admissionEnforcement, {
  good: {
    "denies and audits": binding({ policyName: "digest", validationActions: ["Deny", "Audit"] }),
    "Kyverno for all": kyverno({ validationFailureAction: "Enforce", rules: [checks()] }),
    "Kyverno's older spelling": kyverno({ validationFailureAction: "enforce", rules: [checks()] }),
    "Kyverno rule by rule": kyverno({ validationFailureAction: "Audit", rules: [checks("Enforce")] }),
    "Kyverno changes objects only": kyverno({ rules: [{ name: "label", mutate: {} }] }),
    "Kyverno's newer kind": validating({ validations: [] }),
    "Gatekeeper's default": constraint({ match: {} }),
    "Gatekeeper in parts": constraint({
      enforcementAction: "scoped",
      scopedEnforcementActions: [
        { action: "deny", enforcementPoints: [{ name: "validation.gatekeeper.sh" }] },
        { action: "warn", enforcementPoints: [{ name: "gator.gatekeeper.sh" }] },
      ],
    }),
    "Kubewarden protects": kubewarden({ mode: "protect" }),
    "Sigstore enforces": sigstore({ mode: "enforce" }),
  },
  bad: {
    "audits only": binding({ policyName: "digest", validationActions: ["Audit"] }),
    warns: binding({ policyName: "digest", validationActions: ["Warn", "Audit"] }),
    Kyverno: kyverno({ validationFailureAction: "Audit", rules: [checks()] }),
    "Kyverno's default": kyverno({ rules: [checks()] }),
    "Kyverno's images": kyverno({ rules: [{ name: "signed", verifyImages: [{ imageReferences: ["*"] }] }] }),
    "Kyverno's newer kind": validating({ validationActions: ["Audit"] }),
    "Gatekeeper's dry run": constraint({ enforcementAction: "dryrun" }),
    "Gatekeeper warns": constraint({ enforcementAction: "warn" }),
    "Gatekeeper warns in parts": constraint({
      enforcementAction: "scoped",
      scopedEnforcementActions: [{ action: "warn", enforcementPoints: [{ name: "*" }] }],
    }),
    "Kubewarden monitors": kubewarden({ mode: "monitor" }),
    "Sigstore warns": sigstore({ mode: "warn" }),
  },
  partial: {
    "no actions": binding({ policyName: "digest" }),
    "one rule of two": kyverno({ rules: [checks("Enforce"), checks("Audit")] }),
  },
  wrongType: { "a text": binding({ policyName: "digest", validationActions: "Deny" }) },
  notJudged: { "rules as a text": kyverno({ rules: "all" }) },
  unknown: {
    actions: binding({ policyName: "digest", validationActions: UNKNOWN }),
    "Kyverno's action": kyverno({ validationFailureAction: UNKNOWN, rules: [checks()] }),
    "Gatekeeper's action": constraint({ enforcementAction: UNKNOWN }),
    "Kubewarden's mode": kubewarden({ mode: UNKNOWN }),
  },
});
