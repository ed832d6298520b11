import { UNKNOWN } from "../../../../policies/testing";
import { tokenAudience } from "../../../../policies/rules/traffic/token-audience";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(tokenAudience, {
  good: { "two audiences": set("security", "spec.jwt.providers.0.audiences", ["slipway", "reports"]) },
  bad: {
    "no audience": remove("security", "spec.jwt.providers.0.audiences"),
    "no issuer": remove("security", "spec.jwt.providers.0.issuer"),
  },
  partial: {
    "an empty list": set("security", "spec.jwt.providers.0.audiences", []),
    "the second provider": set("security", "spec.jwt.providers.1", { name: "b", issuer: "https://b" }),
  },
  wrongType: { text: set("security", "spec.jwt.providers.0.audiences", "slipway") },
  unknown: { audiences: set("security", "spec.jwt.providers.0.audiences", UNKNOWN) },
});
