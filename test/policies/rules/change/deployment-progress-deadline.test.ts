import { UNKNOWN } from "../../../../policies/testing";
import { deploymentProgressDeadline } from "../../../../policies/rules/change/deployment-progress-deadline";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const deadline = (value: unknown) => set("deployment", "spec.progressDeadlineSeconds", value);

describeRule(deploymentProgressDeadline, {
  good: {
    "five minutes": deadline(300),
    "zero means none where readiness takes no time": set("deployment", "spec.minReadySeconds", 5),
  },
  bad: { never: deadline(2147483647) },
  partial: { "sooner than ready": [deadline(10), set("deployment", "spec.minReadySeconds", 30)] },
  notJudged: { text: deadline("2147483647") },
  unknown: { deadline: deadline(UNKNOWN) },
});
