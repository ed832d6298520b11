import { UNKNOWN } from "../../../../policies/testing";
import { podShareProcessNamespace } from "../../../../policies/rules/pods/pod-share-process-namespace";
import { describeRule } from "../../support/describe-rule";
import { pod, set } from "../../support/edits";

const share = (value: unknown) => set("deployment", pod("shareProcessNamespace"), value);

describeRule(podShareProcessNamespace, {
  good: { off: share(false) },
  bad: { on: share(true) },
  partial: { none: "one switch, which is on or off" },
  wrongType: { text: share("true") },
  unknown: { switch: share(UNKNOWN) },
});
