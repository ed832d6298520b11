import { given } from "../../model/aws-links";
import type { StackRule } from "../../model/rule";

const TYPES = ["aws:ec2/defaultVpc:DefaultVpc"];

export const vpcDefault: StackRule = {
  id: "vpc-default",
  title: "Nothing is built in the account's default VPC",
  severity: "low",
  description:
    "All of its subnets are public, each region has one alike, and whatever names no network ends up there.",
  remediation: 'new ServingNetwork(name), or new aws.ec2.Vpc(name, { cidrBlock: "10.0.0.0/16" })',
  types: TYPES,
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    for (const vpc of stack.ofTypes(TYPES)) {
      verdict.judge(vpc, () => {
        // Adopted in order to be deleted.
        if (given(vpc, "forceDestroy").isTrue()) return;
        verdict.fail(vpc, "must not be used: make a VPC of its own.");
      });
    }
  },
};
