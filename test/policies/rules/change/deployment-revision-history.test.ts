import { UNKNOWN } from "../../../../policies/testing";
import { deploymentRevisionHistory } from "../../../../policies/rules/change/deployment-revision-history";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const limit = (value: unknown) => set("deployment", "spec.revisionHistoryLimit", value);

describeRule(deploymentRevisionHistory, {
  good: { three: limit(3) },
  bad: { none: limit(0) },
  partial: { none: "one number, which is zero or not" },
  notJudged: { text: limit("0") },
  unknown: { limit: limit(UNKNOWN) },
});
