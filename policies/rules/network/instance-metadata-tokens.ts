import { awsControls } from "../../model/aws-controls";
import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";
import { INSTANCE_TYPES, isNodeClass, machineOf } from "../../model/instances";

export const instanceMetadataTokens = inputRule(
  {
    id: "instance-metadata-tokens",
    title: "Instance metadata is read with session tokens only (IMDSv2)",
    severity: "high",
    description:
      "IMDSv1 answers any request, so one forged request through an app is enough to take the machine's credentials.",
    remediation:
      'metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 }',
    types: [...INSTANCE_TYPES, "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults"],
    controls: [
      ...awsControls("ec2_instance_imdsv2_enabled", "ec2_launch_template_imdsv2_required"),
      awsFoundational(
        "AutoScaling.3",
        "Auto Scaling group should configure EC2 instances to require Instance Metadata Service Version 2 (IMDSv2)",
      ),
    ],
  },
  (fields, subject) => {
    const isDefault = subject.type.endsWith(":InstanceMetadataDefaults");
    const options = isDefault ? fields : machineOf(subject).get("metadataOptions");
    if (options.get("httpEndpoint").string() === "disabled") return undefined;
    const tokens = options.get("httpTokens");
    // Karpenter asks for tokens where nothing is said.
    if (isNodeClass(subject) && !tokens.exists()) return undefined;
    return tokens.string() === "required"
      ? undefined
      : `must set \`${options.path === "" ? "" : `${options.path}.`}httpTokens\` to "required".`;
  },
);
