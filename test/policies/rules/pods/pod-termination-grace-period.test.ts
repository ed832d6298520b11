import { UNKNOWN } from "../../../../policies/testing";
import { podTerminationGracePeriod } from "../../../../policies/rules/pods/pod-termination-grace-period";
import { describeRule } from "../../support/describe-rule";
import { pod, set } from "../../support/edits";

const seconds = (value: unknown) => set("deployment", pod("terminationGracePeriodSeconds"), value);

describeRule(podTerminationGracePeriod, {
  good: { "a minute": seconds(60) },
  bad: { none: seconds(0) },
  partial: { none: "one number, which is zero or not" },
  notJudged: { text: seconds("0") },
  unknown: { seconds: seconds(UNKNOWN) },
});
