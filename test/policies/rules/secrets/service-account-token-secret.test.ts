import { UNKNOWN } from "../../../../policies/testing";
import { serviceAccountTokenSecret } from "../../../../policies/rules/secrets/service-account-token-secret";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

describeRule(serviceAccountTokenSecret, {
  good: {
    "a key pair": set("secret", "type", "kubernetes.io/tls"),
    "nothing said": set("secret", "type", undefined),
  },
  bad: { "of that type": set("secret", "type", "kubernetes.io/service-account-token") },
  partial: {
    "in a list": put("list", "kubernetes:core/v1:SecretList", {
      items: [{ type: "Opaque" }, { type: "kubernetes.io/service-account-token" }],
    }),
  },
  notJudged: { number: set("secret", "type", 1) },
  unknown: { type: set("secret", "type", UNKNOWN) },
});
