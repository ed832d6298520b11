import { podLowUser } from "../../../../policies/rules/pods/pod-low-user";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { pod, server, set } from "../../support/edits";

const of = (key: string, value: unknown) => set("deployment", pod(`securityContext.${key}`), value);

describeRule(podLowUser, {
  good: { above: of("runAsUser", 10001), "left to the image": of("runAsNonRoot", true) },
  bad: { user: of("runAsUser", 1000), group: of("runAsGroup", 10000) },
  partial: { "one container": set("deployment", server("securityContext.runAsUser"), 999) },
  notJudged: { "a text, which the API server refuses": of("runAsUser", "1000") },
  unknown: { user: of("runAsUser", UNKNOWN) },
});
