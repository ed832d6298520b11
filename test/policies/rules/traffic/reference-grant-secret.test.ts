import { UNKNOWN } from "../../../../policies/testing";
import { referenceGrantSecret } from "../../../../policies/rules/traffic/reference-grant-secret";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const grant = (...to: unknown[]) =>
  put("grant", "kubernetes:gateway.networking.k8s.io/v1beta1:ReferenceGrant", {
    metadata: { name: "gateway", namespace: "team" },
    spec: { from: [{ group: "gateway.networking.k8s.io", kind: "Gateway", namespace: "edge" }], to },
  });
const named = { group: "", kind: "Secret", name: "tls" };

describeRule(referenceGrantSecret, {
  good: { named: grant(named), "a Service": grant({ group: "", kind: "Service" }) },
  bad: { all: grant({ group: "", kind: "Secret" }) },
  partial: { "beside a named one": grant(named, { group: "", kind: "Secret", name: "" }) },
  wrongType: { number: grant({ group: "", kind: "Secret", name: 1 }) },
  unknown: { name: grant({ group: "", kind: "Secret", name: UNKNOWN }) },
});
