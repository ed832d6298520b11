import { ingressHost } from "../../../../policies/rules/network/ingress-host";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const rules = (...hosts: unknown[]) =>
  set(
    "ingress",
    "spec.rules",
    hosts.map((host) => ({ ...(host !== undefined && { host }), http: { paths: [] } })),
  );

describeRule(ingressHost, {
  good: { one: rules("old.example"), "no rules": set("ingress", "spec.rules", []) },
  bad: { none: rules(undefined), empty: rules("") },
  partial: { "one of two": rules("old.example", undefined) },
  wrongType: { "a list": rules(["old.example"]) },
  unknown: { host: rules(UNKNOWN) },
});
