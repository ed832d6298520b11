import { inputRule } from "../../model/input-rule";
import { asNumber } from "../../model/scalars";

/** The controller looks every 10 s: with less a run may never start. */
const LEAST_SECONDS = 10;

export const cronJobDeadline = inputRule(
  {
    id: "cron-job-deadline",
    title: "Scheduled jobs have a deadline for their start",
    severity: "low",
    description:
      "Without one a run that was missed starts whenever the controller comes back, and after a hundred missed ones none starts any more.",
    remediation: "spec: { startingDeadlineSeconds: 300, … }",
    types: ["kubernetes:batch/*:CronJob"],
    controls: [],
  },
  (fields) => {
    const seconds = fields.get("spec", "startingDeadlineSeconds");
    return asNumber(seconds) >= LEAST_SECONDS
      ? undefined
      : `must set \`startingDeadlineSeconds\` to ${LEAST_SECONDS} or more (given: ${seconds.show()}).`;
  },
);
