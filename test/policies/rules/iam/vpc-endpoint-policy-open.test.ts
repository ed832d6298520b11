import { vpcEndpointPolicyOpen } from "../../../../policies/rules/iam/vpc-endpoint-policy-open";
import { UNKNOWN } from "../../../../policies/testing";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const endpoint = (policy?: unknown) =>
  put("endpoint", "aws:ec2/vpcEndpoint:VpcEndpoint", {
    vpcId: "vpc-1",
    serviceName: "com.amazonaws.eu-central-1.s3",
    ...(policy !== undefined && { policy }),
  });
const all = { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" };

describeRule(vpcEndpointPolicyOpen, {
  good: {
    "AWS' own policy, which nobody wrote": endpoint(),
    "one bucket": endpoint(
      policyDocument({ ...all, Resource: ["arn:aws:s3:::models", "arn:aws:s3:::models/*"] }),
    ),
    "some actions": endpoint(
      policyDocument({ ...all, Action: ["logs:CreateLogStream", "logs:PutLogEvents"] }),
    ),
    "callers of an organisation": endpoint(
      policyDocument({ ...all, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }),
    ),
    "resources of an account": endpoint(
      policyDocument({ ...all, Condition: { StringEquals: { "aws:ResourceAccount": "111122223333" } } }),
    ),
    "a role": endpoint(
      policyDocument({ ...all, Principal: { AWS: "arn:aws:iam::111122223333:role/loader" } }),
    ),
    "a perimeter by denial": endpoint(
      policyDocument(all, {
        ...all,
        Effect: "Deny",
        Condition: { StringNotEqualsIfExists: { "aws:ResourceOrgID": "o-1" } },
      }),
    ),
    "all other buckets denied": endpoint(
      policyDocument(all, {
        Effect: "Deny",
        Principal: "*",
        Action: "*",
        NotResource: "arn:aws:s3:::models*",
      }),
    ),
  },
  bad: {
    everything: endpoint(policyDocument(all)),
    "every bucket": endpoint(
      policyDocument({ ...all, Principal: { AWS: "*" }, Action: "s3:*", Resource: ["arn:aws:s3:::*"] }),
    ),
    "as a resource of its own": put("policy", "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy", {
      vpcEndpointId: "vpce-1",
      policy: { Statement: [all] },
    }),
  },
  partial: {
    "a condition that asks for TLS": endpoint(
      policyDocument({ ...all, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
    ),
    "any organisation": endpoint(
      policyDocument({ ...all, Condition: { StringLike: { "aws:PrincipalOrgID": "*" } } }),
    ),
    "one action denied": endpoint(policyDocument(all, { ...all, Effect: "Deny", Action: "s3:DeleteBucket" })),
    "all but one action": endpoint(
      policyDocument({ Effect: "Allow", Principal: "*", NotAction: "s3:DeleteBucket", Resource: "*" }),
    ),
  },
  wrongType: {
    "a list of conditions": endpoint(policyDocument({ ...all, Condition: ["aws:PrincipalOrgID"] })),
    "a list of principals": endpoint(policyDocument({ ...all, Principal: ["*"] })),
  },
  unknown: {
    policy: endpoint(UNKNOWN),
    resource: endpoint({ Statement: [{ ...all, Resource: UNKNOWN }] }),
    condition: endpoint({ Statement: [{ ...all, Condition: UNKNOWN }] }),
  },
});
