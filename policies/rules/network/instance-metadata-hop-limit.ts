import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";
import { INSTANCE_TYPES, machineOf } from "../../model/instances";
import { asNumber } from "../../model/scalars";

export const instanceMetadataHopLimit = inputRule(
  {
    id: "instance-metadata-hop-limit",
    title: "Instance metadata is out of the reach of pods",
    severity: "medium",
    description:
      "With a hop limit above 1 the answer reaches containers too, and every pod can take the node's role.",
    remediation: 'metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 }',
    types: [...INSTANCE_TYPES, "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults"],
    controls: [
      awsFoundational(
        "AutoScaling.4",
        "Auto Scaling group launch configuration should not have metadata response hop limit greater than 1",
      ),
    ],
  },
  (fields, subject) => {
    const isDefault = subject.type.endsWith(":InstanceMetadataDefaults");
    const options = isDefault ? fields : machineOf(subject).get("metadataOptions");
    if (options.get("httpEndpoint").string() === "disabled") return undefined;
    const limit = options.get("httpPutResponseHopLimit");
    if (!limit.exists()) return undefined;
    return asNumber(limit) <= 1
      ? undefined
      : `must have a metadata hop limit of 1 (given: ${limit.show()}): give pods roles of their own (Pod Identity).`;
  },
);
