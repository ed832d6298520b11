import { podRestartPolicy } from "../../../../policies/rules/pods/pod-restart-policy";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { pod, set } from "../../support/edits";

const policy = (value: unknown) => set("deployment", pod("restartPolicy"), value);

describeRule(podRestartPolicy, {
  good: { said: policy("Always"), nothing: policy(null) },
  bad: { never: policy("Never") },
  partial: { "on failure only": policy("OnFailure") },
  wrongType: { "a list": policy(["Always"]) },
  unknown: { policy: policy(UNKNOWN) },
});
