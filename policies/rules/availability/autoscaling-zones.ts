import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";

export const autoscalingZones = inputRule(
  {
    id: "autoscaling-zones",
    title: "Groups of machines span several zones",
    severity: "low",
    description: "With one subnet the group is down when its zone is.",
    remediation: "vpcZoneIdentifiers: network.privateSubnetIds",
    types: ["aws:autoscaling/group:Group"],
    controls: [
      awsFoundational(
        "AutoScaling.2",
        "Amazon EC2 Auto Scaling group should cover multiple Availability Zones",
      ),
    ],
  },
  (fields) =>
    ["vpcZoneIdentifiers", "availabilityZones"].some((list) => fields.get(list).items().length > 1)
      ? undefined
      : "must name more than one subnet in `vpcZoneIdentifiers`.",
);
