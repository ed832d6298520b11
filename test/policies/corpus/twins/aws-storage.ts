import { from, type TwinData } from "../model";
import { ACCOUNT, allow, aws, document, policyText } from "../worlds/aws";
import { bucket, BUCKET_ARNS, bucketV2, inlineBucket, TLS_ONLY } from "../worlds/aws-storage";

const anyone = (action: string | string[], ...resources: string[]) => allow("*", action, resources);
const anyAws = (action: string | string[], ...resources: string[]) => allow({ AWS: "*" }, action, resources);
const [BUCKET, OBJECTS] = BUCKET_ARNS as [string, string];
const ofPolicy = { names: ["bucket", "policy"] };
const ofBlock = { names: ["bucket", "block"] };
const ofAcl = { names: ["bucket", "acl"] };
const acl = (value: string) => ({ acl: aws("s3/bucketAcl:BucketAcl", { bucket: "models", acl: value }) });
const own = { AWS: `arn:aws:iam::${ACCOUNT}:role/shop` };
const SSE_S3 = [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }];

export const awsStorage: readonly TwinData[] = [
  ...from("Prowler", [
    ["s3_bucket_default_encryption", "no resource for encryption", bucket, { encryption: undefined }],
    [
      "s3_bucket_default_encryption",
      "no resource for encryption, spelling of provider 6",
      bucketV2,
      { encryption: undefined },
    ],
    [
      "s3_bucket_default_encryption",
      "nothing inline on encryption",
      inlineBucket,
      { "bucket.serverSideEncryptionConfiguration": undefined },
    ],
    [
      "s3_bucket_default_encryption",
      "the encryption of another bucket",
      bucket,
      { "encryption.bucket": "other" },
      { names: ["bucket"] },
    ],
    ["s3_bucket_kms_encryption", "S3's keys instead of KMS", bucket, { "encryption.rules": SSE_S3 }],
    [
      "s3_bucket_kms_encryption",
      "S3's keys instead of KMS, inline",
      inlineBucket,
      { "bucket.serverSideEncryptionConfiguration.rule": SSE_S3[0] },
    ],
    ["s3_bucket_secure_transport_policy", "no policy", bucket, { policy: undefined }],
    [
      "s3_bucket_secure_transport_policy",
      "a policy that does not deny plain HTTP",
      bucket,
      { "policy.policy": policyText(allow(own, "s3:GetObject", OBJECTS)) },
      { good: { "policy.policy": policyText(allow(own, "s3:GetObject", OBJECTS), TLS_ONLY) }, ...ofPolicy },
    ],
    [
      "s3_bucket_secure_transport_policy",
      "an inline policy that does not deny plain HTTP",
      inlineBucket,
      { "bucket.policy": policyText(allow(own, "s3:GetObject", OBJECTS)) },
      { good: { "bucket.policy": document(allow(own, "s3:GetObject", OBJECTS), TLS_ONLY) } },
    ],
    [
      "s3_bucket_secure_transport_policy",
      "plain HTTP denied for one action only",
      bucket,
      { "policy.policy": policyText({ ...TLS_ONLY, Action: "s3:PutObject" }) },
      ofPolicy,
    ],
    [
      "s3_bucket_secure_transport_policy",
      "plain HTTP denied for one principal only",
      bucketV2,
      { "policy.policy": policyText({ ...TLS_ONLY, Principal: own }) },
      { good: { "policy.policy": document(TLS_ONLY) }, ...ofPolicy },
    ],
    [
      "s3_bucket_secure_transport_policy",
      "the condition the wrong way round",
      bucket,
      {
        "policy.policy": policyText({ ...TLS_ONLY, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      },
      {
        good: {
          "policy.policy": policyText({ ...TLS_ONLY, Condition: { Bool: { "aws:SecureTransport": false } } }),
        },
        ...ofPolicy,
      },
    ],
    ["s3_bucket_level_public_access_block", "nothing blocks public access", bucket, { block: undefined }],
    [
      "s3_bucket_level_public_access_block",
      "public policies are not blocked",
      bucket,
      { "block.blockPublicPolicy": false },
      ofBlock,
    ],
    [
      "s3_bucket_level_public_access_block",
      "public buckets are not restricted",
      bucketV2,
      { "block.restrictPublicBuckets": undefined },
      ofBlock,
    ],
    [
      "s3_bucket_level_public_access_block",
      "blocked by a text",
      inlineBucket,
      { "block.ignorePublicAcls": "false" },
      ofBlock,
    ],
    [
      "s3_bucket_public_access",
      "an ACL that lets everyone read",
      bucket,
      { ...acl("public-read"), ownership: undefined },
      { good: { ...acl("private"), ownership: undefined }, ...ofAcl },
    ],
    [
      "s3_bucket_public_access",
      "an ACL that lets everyone read, spelling of provider 6",
      bucketV2,
      { acl: aws("s3/bucketAclV2:BucketAclV2", { bucket: "models", acl: "public-read-write" }) },
      { good: { acl: aws("s3/bucketAclV2:BucketAclV2", { bucket: "models", acl: "private" }) }, ...ofAcl },
    ],
    [
      "s3_bucket_public_access",
      "an inline ACL that lets everyone read",
      inlineBucket,
      { "bucket.acl": "public-read" },
      { good: { "bucket.acl": "private" } },
    ],
    [
      "s3_bucket_public_write_acl",
      "a grant to everyone",
      bucket,
      {
        acl: aws("s3/bucketAcl:BucketAcl", {
          bucket: "models",
          accessControlPolicy: {
            owner: { id: "o" },
            grants: [
              {
                permission: "WRITE",
                grantee: { type: "Group", uri: "http://acs.amazonaws.com/groups/global/AllUsers" },
              },
            ],
          },
        }),
      },
      { good: acl("log-delivery-write"), ...ofAcl },
    ],
    [
      "s3_bucket_public_list_acl",
      "every user of AWS may read",
      bucket,
      acl("authenticated-read"),
      { good: acl("private"), ...ofAcl },
    ],
    [
      "s3_bucket_policy_public_write_access",
      "everyone may write",
      bucket,
      { "policy.policy": policyText(anyone("s3:PutObject", OBJECTS), TLS_ONLY) },
      ofPolicy,
    ],
    [
      "s3_bucket_policy_public_write_access",
      "everyone may do everything, for principal AWS",
      bucketV2,
      { "policy.policy": document(anyAws("s3:*", BUCKET, OBJECTS), TLS_ONLY) },
      ofPolicy,
    ],
    [
      "s3_bucket_policy_public_write_access",
      "everyone may read, in a list of principals",
      inlineBucket,
      { "bucket.policy": policyText(allow({ AWS: [own.AWS, "*"] }, ["s3:GetObject"], [OBJECTS]), TLS_ONLY) },
      {
        good: {
          "bucket.policy": policyText(allow({ AWS: [own.AWS] }, ["s3:GetObject"], [OBJECTS]), TLS_ONLY),
        },
      },
    ],
    ["s3_bucket_object_versioning", "no versions", bucket, { versioning: undefined }],
    [
      "s3_bucket_object_versioning",
      "versions suspended",
      bucketV2,
      { "versioning.versioningConfiguration.status": "Suspended" },
    ],
    [
      "s3_bucket_object_versioning",
      "versions off, inline",
      inlineBucket,
      { "bucket.versioning": { enabled: false } },
    ],
    ["s3_bucket_server_access_logging_enabled", "no access log", bucket, { logging: undefined }],
    [
      "s3_bucket_server_access_logging_enabled",
      "no access log, inline",
      inlineBucket,
      { "bucket.logging": undefined },
    ],
  ]),
];
