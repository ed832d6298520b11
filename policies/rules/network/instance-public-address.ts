import { awsControls } from "../../model/aws-controls";
import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";
import { INSTANCE_TYPES, machineOf } from "../../model/instances";
import { oneOrMany } from "../../model/one-or-many";
import { saysOff } from "../../model/scalars";

export const instancePublicAddress = inputRule(
  {
    id: "instance-public-address",
    title: "Nodes and other machines have no public address",
    severity: "high",
    description: "A node with a public address is one security group away from the internet.",
    remediation: 'networkInterfaces: [{ associatePublicIpAddress: "false", securityGroups }]',
    types: [...INSTANCE_TYPES, "aws:ec2/spotFleetRequest:SpotFleetRequest"],
    controls: [
      ...awsControls("ec2_instance_public_ip", "ec2_launch_template_no_public_ip"),
      awsFoundational(
        "AutoScaling.5",
        "Amazon EC2 instances launched using Auto Scaling group launch configurations should not have Public IP addresses",
      ),
    ],
  },
  (_, subject) => {
    const machine = machineOf(subject);
    const places = [
      machine,
      ...oneOrMany(machine.get("networkInterfaces")),
      ...oneOrMany(machine.get("launchSpecifications")),
    ].flatMap((place) => [place.get("associatePublicIpAddress"), place.get("associatePublicIPAddress")]);
    return places.some((place) => place.exists() && place.value() !== "" && !saysOff(place))
      ? "must not associate a public address: set `associatePublicIpAddress` to false and reach it through a load balancer."
      : undefined;
  },
);
