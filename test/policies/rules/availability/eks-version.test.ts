import { UNKNOWN } from "../../../../policies/testing";
import { eksVersion } from "../../../../policies/rules/availability/eks-version";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

describeRule(eksVersion, {
  good: {
    "the oldest allowed": set("cluster", "version", "1.33"),
    newer: set("cluster", "version", "1.100"),
    "a number": set("cluster", "version", 1.35),
  },
  bad: { old: set("cluster", "version", "1.24") },
  partial: { "one too old": set("cluster", "version", "1.32") },
  notJudged: { "no version": set("cluster", "version", "latest") },
  unknown: { version: set("cluster", "version", UNKNOWN) },
});
