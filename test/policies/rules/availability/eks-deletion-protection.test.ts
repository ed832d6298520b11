import { UNKNOWN } from "../../../../policies/testing";
import { eksDeletionProtection } from "../../../../policies/rules/availability/eks-deletion-protection";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(eksDeletionProtection, {
  bad: { off: set("cluster", "deletionProtection", false), unsaid: remove("cluster", "deletionProtection") },
  wrongType: { text: set("cluster", "deletionProtection", "true") },
  unknown: { switch: set("cluster", "deletionProtection", UNKNOWN) },
});
