import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const athenaWorkgroupEncryption = inputRule(
  {
    id: "athena-workgroup-encryption",
    title: "Results of Athena are encrypted",
    severity: "medium",
    description: "Answers to queries are written to a bucket, with whatever data was asked for.",
    remediation:
      'configuration: { resultConfiguration: { encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: key.arn } } }',
    types: ["aws:athena/workgroup:Workgroup"],
    controls: awsControls("athena_workgroup_encryption"),
  },
  (workgroup) => {
    const configuration = workgroup.get("configuration");
    // Results that Athena keeps itself are always encrypted.
    if (isOn(configuration.get("managedQueryResultsConfiguration", "enabled"))) return undefined;
    const option = configuration.get("resultConfiguration", "encryptionConfiguration", "encryptionOption");
    return ["SSE_S3", "SSE_KMS", "CSE_KMS"].includes(option.string() ?? "")
      ? undefined
      : "must say how its results are encrypted.";
  },
);
