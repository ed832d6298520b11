import { UNKNOWN } from "../../../../policies/testing";
import { subnetPublicAddress } from "../../../../policies/rules/network/subnet-public-address";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const SUBNET = "aws:ec2/subnet:Subnet";

describeRule(subnetPublicAddress, {
  good: {
    off: put("subnet", SUBNET, { mapPublicIpOnLaunch: false }),
    unsaid: put("subnet", SUBNET, { vpcId: "vpc-1" }),
  },
  bad: { on: put("subnet", SUBNET, { mapPublicIpOnLaunch: true }) },
  partial: {
    "a default subnet, unless it is told": put("subnet", "aws:ec2/defaultSubnet:DefaultSubnet", {
      availabilityZone: "eu-central-1a",
    }),
  },
  wrongType: { text: put("subnet", SUBNET, { mapPublicIpOnLaunch: "false" }) },
  unknown: { switch: put("subnet", SUBNET, { mapPublicIpOnLaunch: UNKNOWN }) },
});
