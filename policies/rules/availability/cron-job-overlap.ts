import { inputRule } from "../../model/input-rule";

export const cronJobOverlap = inputRule(
  {
    id: "cron-job-overlap",
    title: "Scheduled jobs do not pile up",
    severity: "low",
    description:
      "By default a run starts beside one that still goes on; a slow day makes ten of them, each with its memory and its GPU.",
    remediation: 'spec: { concurrencyPolicy: "Forbid", … }',
    types: ["kubernetes:batch/*:CronJob"],
    controls: [],
  },
  (fields) => {
    const policy = fields.get("spec", "concurrencyPolicy");
    return ["Forbid", "Replace"].includes(policy.string() ?? "")
      ? undefined
      : `must set \`concurrencyPolicy\` to "Forbid" or "Replace" (given: ${policy.show()}).`;
  },
);
