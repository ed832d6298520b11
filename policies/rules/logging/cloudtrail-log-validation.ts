import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const cloudtrailLogValidation = inputRule(
  {
    id: "cloudtrail-log-validation",
    title: "Trails prove that nobody altered them",
    severity: "medium",
    description: "Digests show whether log files were changed or removed after they were written.",
    remediation: "enableLogFileValidation: true",
    types: ["aws:cloudtrail/trail:Trail"],
    controls: awsControls("cloudtrail_log_file_validation_enabled"),
  },
  (fields) =>
    fields.get("enableLogFileValidation").isTrue() ? undefined : "must set `enableLogFileValidation: true`.",
);
