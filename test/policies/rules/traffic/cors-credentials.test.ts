import { UNKNOWN } from "../../../../policies/testing";
import { corsCredentials } from "../../../../policies/rules/traffic/cors-credentials";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

describeRule(corsCredentials, {
  good: {
    "named origins": set("security", "spec.cors", {
      allowOrigins: ["https://app.example"],
      allowCredentials: true,
    }),
    "no credentials": set("security", "spec.cors", { allowOrigins: ["*"] }),
  },
  bad: { everyone: set("security", "spec.cors", { allowOrigins: ["*"], allowCredentials: true }) },
  partial: {
    "one of two": set("security", "spec.cors", {
      allowOrigins: ["https://app.example", "https://*"],
      allowCredentials: true,
    }),
  },
  notJudged: { text: set("security", "spec.cors", { allowOrigins: "*", allowCredentials: true }) },
  unknown: { origins: set("security", "spec.cors", { allowOrigins: UNKNOWN, allowCredentials: true }) },
});
