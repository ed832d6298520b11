import { efsPolicySecureTransport } from "../../../../policies/rules/encryption/efs-policy-secure-transport";
import { UNKNOWN } from "../../../../policies/testing";
import { denyPlainHttp, policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const SYSTEM = "arn:aws:elasticfilesystem:eu-central-1:111122223333:file-system/fs-1";
const policy = (document: unknown) =>
  put("policy", "aws:efs/fileSystemPolicy:FileSystemPolicy", { fileSystemId: "fs-1", policy: document });
const mount = (Condition?: object, Action: unknown = "elasticfilesystem:ClientMount") => ({
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:role/loader" },
  Action,
  Resource: SYSTEM,
  ...(Condition && { Condition }),
});
const tls = { Bool: { "aws:SecureTransport": "true", "elasticfilesystem:AccessedViaMountTarget": "true" } };
const deny = denyPlainHttp("*", SYSTEM);

describeRule(efsPolicySecureTransport, {
  good: {
    "in the grant": policy(policyDocument(mount(tls))),
    denied: policy(policyDocument(mount(), deny)),
    "denied without a resource, as AWS' wizard writes it": policy(
      policyDocument(mount(), {
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: "*",
        Condition: { Bool: { "aws:SecureTransport": false } },
      }),
    ),
    "mounts denied": policy(policyDocument(mount(), { ...deny, Action: "elasticfilesystem:Client*" })),
    "no mounts granted": policy(policyDocument(mount(undefined, "elasticfilesystem:DescribeMountTargets"))),
  },
  bad: {
    "a role": policy(policyDocument(mount())),
    "through an access point": policy(
      policyDocument(
        mount({ StringEquals: { "elasticfilesystem:AccessPointArn": "arn:aws:elasticfilesystem:::fsap-1" } }),
      ),
    ),
    "by a pattern": policy(policyDocument(mount(undefined, ["elasticfilesystem:*"]))),
    "as an object": policy({ Statement: mount() }),
    "whatever comes through a mount target": policy(
      policyDocument(mount({ Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } })),
    ),
  },
  partial: {
    "one of two grants": policy(policyDocument(mount(tls), mount(undefined, "elasticfilesystem:Client*"))),
    "only writing denied": policy(
      policyDocument(mount(), { ...deny, Action: "elasticfilesystem:ClientWrite" }),
    ),
    "denied to one role": policy(
      policyDocument(mount(), { ...deny, Principal: { AWS: "arn:aws:iam::111122223333:role/loader" } }),
    ),
  },
  wrongType: {
    "a list of conditions": policy(policyDocument({ ...mount(), Condition: ["aws:SecureTransport"] })),
    "the wrong way round": policy(policyDocument(mount({ Bool: { "aws:SecureTransport": "false" } }))),
  },
  unknown: {
    policy: policy(UNKNOWN),
    "a statement beside the grant": policy({ Statement: [mount(), UNKNOWN] }),
    condition: policy({ Statement: [mount({ Bool: UNKNOWN })] }),
  },
});
