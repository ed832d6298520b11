import { cronJobOverlap } from "../../../../policies/rules/availability/cron-job-overlap";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const job = (more: Record<string, unknown>) =>
  put("cron", "kubernetes:batch/v1:CronJob", {
    metadata: { name: "nightly", namespace: "team" },
    spec: { schedule: "0 3 * * *", startingDeadlineSeconds: 60, ...more },
  });

describeRule(cronJobOverlap, {
  good: { forbidden: job({ concurrencyPolicy: "Forbid" }), replaced: job({ concurrencyPolicy: "Replace" }) },
  bad: { "nothing said": job({}), allowed: job({ concurrencyPolicy: "Allow" }) },
  partial: { "an empty text": job({ concurrencyPolicy: "" }) },
  wrongType: { "a boolean": job({ concurrencyPolicy: false }) },
  unknown: { policy: job({ concurrencyPolicy: UNKNOWN }) },
});
