import { jobTimeToLive } from "../../../../policies/rules/availability/job-time-to-live";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const job = (more: Record<string, unknown>) =>
  put("job", "kubernetes:batch/v1:Job", { metadata: { name: "once", namespace: "team" }, spec: { ...more } });

describeRule(jobTimeToLive, {
  good: { "at once": job({ ttlSecondsAfterFinished: 0 }) },
  bad: { "nothing said": job({}) },
  partial: { "a deadline only": job({ activeDeadlineSeconds: 600 }) },
  wrongType: { text: job({ ttlSecondsAfterFinished: "60" }) },
  unknown: { seconds: job({ ttlSecondsAfterFinished: UNKNOWN }) },
});
