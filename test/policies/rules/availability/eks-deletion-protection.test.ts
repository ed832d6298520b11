import { UNKNOWN } from "../../../../policies/testing";
import { eksDeletionProtection } from "../../../../policies/rules/availability/eks-deletion-protection";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(eksDeletionProtection, {
  good: { on: set("cluster", "deletionProtection", true) },
  bad: { off: set("cluster", "deletionProtection", false), unsaid: remove("cluster", "deletionProtection") },
  partial: { none: "one switch, which is on or off" },
  wrongType: { text: set("cluster", "deletionProtection", "true") },
  unknown: { switch: set("cluster", "deletionProtection", UNKNOWN) },
});
