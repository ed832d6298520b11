import { UNKNOWN } from "../../../../policies/testing";
import { logGroupRetention } from "../../../../policies/rules/logging/log-group-retention";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(logGroupRetention, {
  good: {
    "for ever, by decision": set("logGroup", "retentionInDays", 0),
    "ninety days": set("logGroup", "retentionInDays", 90),
  },
  bad: { unsaid: remove("logGroup", "retentionInDays") },
  partial: { "a week": set("logGroup", "retentionInDays", 7) },
  wrongType: { text: set("logGroup", "retentionInDays", "a year") },
  unknown: { days: set("logGroup", "retentionInDays", UNKNOWN) },
});
