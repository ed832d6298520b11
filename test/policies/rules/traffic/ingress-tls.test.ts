import { UNKNOWN } from "../../../../policies/testing";
import { ingressTls } from "../../../../policies/rules/traffic/ingress-tls";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

describeRule(ingressTls, {
  good: {
    "two hosts": set("ingress", "spec.tls", [{ hosts: ["old.example", "new.example"], secretName: "tls" }]),
  },
  bad: {
    none: set("ingress", "spec", { rules: [] }),
    "a version to come": put("older", "kubernetes:networking.k8s.io/v2:Ingress", {
      metadata: { name: "o" },
      spec: {},
    }),
  },
  partial: { "an empty list": set("ingress", "spec.tls", []) },
  wrongType: { switch: set("ingress", "spec.tls", true) },
  unknown: { tls: set("ingress", "spec.tls", UNKNOWN) },
});
