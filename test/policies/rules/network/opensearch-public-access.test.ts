import { UNKNOWN } from "../../../../policies/testing";
import { opensearchPublicAccess } from "../../../../policies/rules/network/opensearch-public-access";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(opensearchPublicAccess, {
  good: { "in a VPC": example("search") },
  bad: { "without a VPC": example("search", { vpcOptions: undefined }) },
  partial: {
    "without subnets": example("search", { vpcOptions: { securityGroupIds: ["sg-1"], subnetIds: [] } }),
  },
  wrongType: { text: example("search", { vpcOptions: "vpc-1" }) },
  unknown: { options: example("search", { vpcOptions: UNKNOWN }) },
});
