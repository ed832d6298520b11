import { awsControls } from "../../model/aws-controls";
import type { ResourceRule } from "../../model/rule";
import { asNumber } from "../../model/scalars";

export const logGroupRetention: ResourceRule = {
  id: "log-group-retention",
  title: "Log groups say how long they keep their logs",
  severity: "medium",
  description:
    "A group without retention keeps everything for ever, unasked; one with few days has lost what an investigation needs.",
  remediation: "new aws.cloudwatch.LogGroup(name, { retentionInDays: 365 })",
  types: ["aws:cloudwatch/logGroup:LogGroup"],
  controls: awsControls("cloudwatch_log_group_retention_policy_specific_days_enabled"),
  configSchema: {
    properties: {
      minimumDays: {
        type: "integer",
        minimum: 1,
        default: 30,
        description: "The fewest days that logs are to be kept.",
      },
    },
  },
  scope: "resource",
  check(subject, verdict, { minimumDays }) {
    const least = typeof minimumDays === "number" ? minimumDays : 30;
    const days = subject.fields.get("retentionInDays");
    // An explicit 0 is the decision to keep them for ever.
    if (days.value() === 0 || asNumber(days) >= least) return;
    verdict.fail(subject, `must set \`retentionInDays\` to at least ${least} (given: ${days.show()}).`);
  },
};
