import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const subnetPublicAddress = inputRule(
  {
    id: "subnet-public-address",
    title: "Subnets hand out no public addresses by themselves",
    severity: "medium",
    description:
      "With `mapPublicIpOnLaunch` a machine is on the internet merely because of where it was put.",
    remediation: "new aws.ec2.Subnet(name, { vpcId, cidrBlock, mapPublicIpOnLaunch: false })",
    types: ["aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet"],
    controls: awsControls("vpc_subnet_no_public_ip_by_default"),
  },
  (fields, { type }) => {
    const given = fields.get("mapPublicIpOnLaunch");
    // The subnets that AWS made for the account map addresses unless they are told not to.
    const isOff = type.endsWith(":DefaultSubnet") ? given.value() === false : given.isOff();
    return isOff ? undefined : "must not map public addresses on launch: set `mapPublicIpOnLaunch: false`.";
  },
);
