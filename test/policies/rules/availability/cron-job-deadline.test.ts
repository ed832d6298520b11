import { cronJobDeadline } from "../../../../policies/rules/availability/cron-job-deadline";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const job = (more: Record<string, unknown>) =>
  put("cron", "kubernetes:batch/v1:CronJob", {
    metadata: { name: "nightly", namespace: "team" },
    spec: { schedule: "0 3 * * *", concurrencyPolicy: "Forbid", ...more },
  });

describeRule(cronJobDeadline, {
  good: { "the least": job({ startingDeadlineSeconds: 10 }) },
  bad: { "nothing said": job({}) },
  partial: { "too short to be seen": job({ startingDeadlineSeconds: 9 }) },
  wrongType: { "a list": job({ startingDeadlineSeconds: [60] }) },
  unknown: { seconds: job({ startingDeadlineSeconds: UNKNOWN }) },
});
