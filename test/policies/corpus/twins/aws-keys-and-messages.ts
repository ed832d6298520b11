import { from, type TwinData } from "../model";
import { ACCOUNT, allow, aws, denyPlain, document, policyText } from "../worlds/aws";
import {
  bucket,
  BUCKET_ARNS,
  ebsDefault,
  fileSystem,
  inlineBucket,
  key,
  KEY_ADMIN,
  logGroup,
  parameter,
  QUEUE,
  queue,
  repository,
  secret,
  snapshotCopy,
  TLS_ONLY,
  TOPIC,
  topic,
  volume,
} from "../worlds/aws-storage";

const anyone = (action: string | string[], ...resources: string[]) => allow("*", action, resources);
const anyAws = (action: string | string[], ...resources: string[]) => allow({ AWS: "*" }, action, resources);
const [BUCKET] = BUCKET_ARNS as [string, string];
const ofPolicy = { names: ["bucket", "policy"] };
const own = { AWS: `arn:aws:iam::${ACCOUNT}:role/shop` };

export const awsKeysAndMessages: readonly TwinData[] = [
  ...from("Prowler", [
    [
      "ec2_ebs_volume_encryption",
      "a volume that says nothing of encryption",
      volume,
      { "volume.encrypted": undefined, "volume.kmsKeyId": undefined },
    ],
    [
      "ec2_ebs_volume_encryption",
      "a volume without encryption",
      volume,
      { "volume.encrypted": false, "volume.kmsKeyId": undefined },
    ],
    [
      "ec2_ebs_volume_encryption",
      "a volume encrypted by a wrong type",
      volume,
      { "volume.encrypted": "yes", "volume.kmsKeyId": undefined },
    ],
    ["ec2_ebs_default_encryption", "encryption by default off", ebsDefault, { "byDefault.enabled": false }],
    [
      "ec2_ebs_snapshots_encrypted",
      "a copy of a snapshot without encryption",
      snapshotCopy,
      { "copy.encrypted": undefined, "copy.kmsKeyId": undefined },
    ],
    [
      "ec2_ebs_public_snapshot",
      "snapshots may be public",
      ebsDefault,
      { sharing: aws("ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess", { state: "unblocked" }) },
      {
        good: {
          sharing: aws("ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess", {
            state: "block-all-sharing",
          }),
        },
        names: ["sharing"],
      },
    ],
    [
      "kms_cmk_rotation_enabled",
      "a key that is not rotated",
      key,
      { "key.enableKeyRotation": undefined },
      { good: { "key.rotationPeriodInDays": 90 } },
    ],
    [
      "kms_cmk_rotation_enabled",
      "rotation off",
      key,
      { "key.enableKeyRotation": false },
      {
        good: {
          "key.enableKeyRotation": undefined,
          "key.customerMasterKeySpec": "RSA_4096",
          "key.keyUsage": "SIGN_VERIFY",
        },
      },
    ],
    [
      "kms_key_not_publicly_accessible",
      "a key for everyone",
      key,
      { "key.policy": policyText(KEY_ADMIN, anyone("kms:Decrypt", "*")) },
    ],
    [
      "kms_key_not_publicly_accessible",
      "a key for everyone, as principal AWS",
      key,
      { "key.policy": document(anyAws("kms:*", "*")) },
      { good: { "key.policy": document(KEY_ADMIN) } },
    ],
    [
      "kms_cmk_not_deleted_unintentionally",
      "a key that can be gone in a week",
      key,
      { "key.deletionWindowInDays": 7 },
    ],
    [
      "ecr_repositories_scan_images_on_push_enabled",
      "images are not scanned",
      repository,
      { "repository.imageScanningConfiguration.scanOnPush": false },
    ],
    [
      "ecr_repositories_scan_images_on_push_enabled",
      "nothing said of scans",
      repository,
      { "repository.imageScanningConfiguration": undefined },
    ],
    [
      "ecr_repositories_tag_immutability",
      "tags that move",
      repository,
      { "repository.imageTagMutability": "MUTABLE" },
    ],
    [
      "ecr_repositories_tag_immutability",
      "nothing said of tags",
      repository,
      { "repository.imageTagMutability": undefined },
    ],
    [
      "ecr_repositories_not_publicly_accessible",
      "images for everyone",
      repository,
      { "policy.policy": policyText({ Effect: "Allow", Principal: "*", Action: "ecr:BatchGetImage" }) },
      { names: ["policy", "repository"] },
    ],
    [
      "sqs_queues_server_side_encryption_enabled",
      "a queue without encryption",
      queue,
      { "queue.kmsMasterKeyId": undefined, "queue.sqsManagedSseEnabled": false },
      { good: { "queue.kmsMasterKeyId": undefined, "queue.sqsManagedSseEnabled": true } },
    ],
    [
      "sqs_queues_not_publicly_accessible",
      "a queue for everyone",
      queue,
      { "policy.policy": policyText(anyone("sqs:SendMessage", QUEUE), denyPlain("sqs:*", QUEUE)) },
      { names: ["policy", "queue"] },
    ],
    [
      "sqs_queues_not_publicly_accessible",
      "a queue for everyone, inline",
      queue,
      { "queue.policy": policyText(anyAws("sqs:*", QUEUE), denyPlain("sqs:*", QUEUE)), policy: undefined },
      {
        good: {
          "queue.policy": policyText(allow(own, "sqs:SendMessage", QUEUE), denyPlain("sqs:*", QUEUE)),
          policy: undefined,
        },
      },
    ],
    [
      "sns_topics_kms_encryption_at_rest_enabled",
      "a topic without encryption",
      topic,
      { "topic.kmsMasterKeyId": undefined },
    ],
    [
      "sns_topics_kms_encryption_at_rest_enabled",
      "an empty name of a key",
      topic,
      { "topic.kmsMasterKeyId": "" },
    ],
    [
      "sns_topics_not_publicly_accessible",
      "a topic for everyone",
      topic,
      { "policy.policy": policyText(anyAws("sns:Publish", TOPIC), denyPlain("sns:Publish", TOPIC)) },
      {
        good: {
          "policy.policy": policyText(
            allow({ AWS: "*" }, "sns:Publish", TOPIC, { StringEquals: { "aws:SourceAccount": ACCOUNT } }),
            denyPlain("sns:Publish", TOPIC),
          ),
        },
        names: ["policy", "topic"],
      },
    ],
    [
      "sns_subscription_not_using_http_endpoints",
      "messages sent in plain text",
      topic,
      { "subscription.protocol": "http", "subscription.endpoint": "http://hooks.example/events" },
      { names: ["subscription"] },
    ],
    [
      "cloudwatch_log_group_kms_encryption_enabled",
      "a log group without a key",
      logGroup,
      { "group.kmsKeyId": undefined },
    ],
    [
      "cloudwatch_log_group_retention_policy_specific_days_enabled",
      "logs kept for a day",
      logGroup,
      { "group.retentionInDays": 1 },
    ],
    [
      "secretsmanager_not_publicly_accessible",
      "a secret for everyone",
      secret,
      { "policy.policy": policyText(anyone("secretsmanager:GetSecretValue", "*")) },
      { names: ["policy", "secret"] },
    ],
    [
      "secretsmanager_automatic_rotation_enabled",
      "a secret that is not rotated",
      secret,
      { rotation: undefined },
    ],
    [
      "efs_encryption_at_rest_enabled",
      "files without encryption",
      fileSystem,
      { "files.encrypted": undefined, "files.kmsKeyId": undefined },
    ],
    [
      "efs_have_backup_enabled",
      "files without a backup",
      fileSystem,
      { "backup.backupPolicy.status": "DISABLED" },
      { names: ["backup", "files"] },
    ],
  ]),
  ...from("AWS Foundational Security Best Practices", [
    [
      "CloudWatch.16",
      "a log group that keeps everything for ever or less than a year",
      logGroup,
      { "group.retentionInDays": undefined },
    ],
    [
      "SQS.1",
      "a queue policy that does not deny plain HTTP",
      queue,
      { "policy.policy": policyText(allow(own, "sqs:SendMessage", QUEUE)) },
      { names: ["policy", "queue"] },
    ],
    [
      "SNS.1",
      "a topic policy that does not deny plain HTTP",
      topic,
      { "policy.policy": policyText(allow(own, "sns:Publish", TOPIC)) },
      { names: ["policy", "topic"] },
    ],
    ["S3.5", "no policy at all on a bucket of the older type", inlineBucket, { "bucket.policy": undefined }],
    [
      "S3.6",
      "another account may change the bucket",
      bucket,
      {
        "policy.policy": policyText(
          allow(
            { AWS: "arn:aws:iam::999988887777:root" },
            ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"],
            BUCKET,
          ),
          TLS_ONLY,
        ),
      },
      ofPolicy,
    ],
    ["KMS.4", "rotation off by a text", key, { "key.enableKeyRotation": "false" }],
  ]),
  ...from("Checkov", [
    [
      "CKV_AWS_136",
      "images under ECR's own key",
      repository,
      { "repository.encryptionConfigurations": undefined },
    ],
    [
      "CKV_AWS_136",
      "images under AES256",
      repository,
      { "repository.encryptionConfigurations": [{ encryptionType: "AES256" }] },
    ],
    ["CKV_AWS_149", "a secret under the account's own key", secret, { "secret.kmsKeyId": undefined }],
    [
      "CKV2_AWS_34",
      "a password in plain text",
      parameter,
      { "parameter.type": "String", "parameter.value": "hunter2-prod", "parameter.keyId": undefined },
    ],
    ["CKV_AWS_227", "a key that is disabled", key, { "key.isEnabled": false }],
    [
      "CKV_AWS_72",
      "a queue policy of every action",
      queue,
      { "policy.policy": policyText(allow("*", "*", QUEUE), denyPlain("sqs:*", QUEUE)) },
      { names: ["policy", "queue"] },
    ],
    [
      "CKV_AWS_392",
      "an access point that is public",
      bucket,
      {
        point: aws("s3/accessPoint:AccessPoint", {
          bucket: "models",
          name: "p",
          publicAccessBlockConfiguration: {
            blockPublicAcls: true,
            blockPublicPolicy: false,
            ignorePublicAcls: true,
            restrictPublicBuckets: false,
          },
        }),
      },
      {
        good: {
          point: aws("s3/accessPoint:AccessPoint", {
            bucket: "models",
            name: "p",
            publicAccessBlockConfiguration: {
              blockPublicAcls: true,
              blockPublicPolicy: true,
              ignorePublicAcls: true,
              restrictPublicBuckets: true,
            },
          }),
        },
        names: ["point"],
      },
    ],
  ]),
];
