import type { Declared, World } from "../model";
import { ACCOUNT, allow, arn, aws, denyPlain, KEY, LOGS, policyText } from "./aws";

export const BUCKET_ARNS = ["arn:aws:s3:::models", "arn:aws:s3:::models/*"];
export const TLS_ONLY = denyPlain("s3:*", ...BUCKET_ARNS);
const KMS_RULE = {
  applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY },
  bucketKeyEnabled: true,
};

function companions(): Record<string, Declared> {
  return {
    block: aws("s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {
      bucket: "models",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    }),
    encryption: aws("s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", {
      bucket: "models",
      rules: [KMS_RULE],
    }),
    versioning: aws("s3/bucketVersioning:BucketVersioning", {
      bucket: "models",
      versioningConfiguration: { status: "Enabled" },
    }),
    policy: aws("s3/bucketPolicy:BucketPolicy", { bucket: "models", policy: policyText(TLS_ONLY) }),
    logging: aws("s3/bucketLogging:BucketLogging", {
      bucket: "models",
      targetBucket: LOGS,
      targetPrefix: "s3/",
    }),
    ownership: aws("s3/bucketOwnershipControls:BucketOwnershipControls", {
      bucket: "models",
      rule: { objectOwnership: "BucketOwnerEnforced" },
    }),
    lifecycle: aws("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", {
      bucket: "models",
      rules: [{ id: "abort", status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } }],
    }),
  };
}

/** A bucket with a resource for each setting. */
export const bucket = (): World => ({
  resources: { bucket: aws("s3/bucket:Bucket", { bucket: "models" }), ...companions() },
});

/** The same in the spelling of provider 5 and 6. */
export function bucketV2(): World {
  const older = Object.entries(companions()).map(([role, { type, props }]) => {
    const v2 = ["encryption", "versioning", "logging", "lifecycle"].includes(role);
    return [role, { type: v2 ? type.replace(/(\w+):(\w+)$/, "$1V2:$2V2") : type, props }] as const;
  });
  return {
    resources: { bucket: aws("s3/bucketV2:BucketV2", { bucket: "models" }), ...Object.fromEntries(older) },
  };
}

/** A bucket that has its settings in itself, as far as it can. */
export function inlineBucket(): World {
  const { block, ownership } = companions();
  return {
    resources: {
      bucket: aws("s3/bucket:Bucket", {
        bucket: "models",
        serverSideEncryptionConfiguration: { rule: KMS_RULE },
        versioning: { enabled: true },
        logging: { targetBucket: LOGS },
        policy: policyText(TLS_ONLY),
        lifecycleRules: [{ enabled: true, abortIncompleteMultipartUploadDays: 7 }],
      }),
      block: block!,
      ownership: ownership!,
    },
  };
}

export const volume = (): World => ({
  resources: {
    volume: aws("ebs/volume:Volume", {
      availabilityZone: "eu-west-1a",
      size: 20,
      encrypted: true,
      kmsKeyId: KEY,
    }),
  },
});

export const ebsDefault = (): World => ({
  resources: { byDefault: aws("ebs/encryptionByDefault:EncryptionByDefault", { enabled: true }) },
});

export const snapshotCopy = (): World => ({
  resources: {
    copy: aws("ebs/snapshotCopy:SnapshotCopy", {
      sourceRegion: "eu-west-1",
      sourceSnapshotId: "snap-1",
      encrypted: true,
      kmsKeyId: KEY,
    }),
  },
});

export const KEY_ADMIN = allow({ AWS: `arn:aws:iam::${ACCOUNT}:root` }, "kms:*", "*");

export const key = (): World => ({
  resources: {
    key: aws("kms/key:Key", {
      description: "models",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policyText(KEY_ADMIN),
    }),
  },
});

export const repository = (): World => ({
  resources: {
    repository: aws("ecr/repository:Repository", {
      name: "shop",
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: KEY }],
    }),
    lifecycle: aws("ecr/lifecyclePolicy:LifecyclePolicy", {
      repository: "shop",
      policy: JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            selection: {
              tagStatus: "untagged",
              countType: "sinceImagePushed",
              countUnit: "days",
              countNumber: 14,
            },
            action: { type: "expire" },
          },
        ],
      }),
    }),
    policy: aws("ecr/repositoryPolicy:RepositoryPolicy", {
      repository: "shop",
      policy: policyText({
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/build` },
        Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      }),
    }),
  },
});

export const QUEUE = arn("sqs", "jobs");
const QUEUE_URL = `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/jobs`;
export const TOPIC = arn("sns", "events");
const OWN_ROLE = { AWS: `arn:aws:iam::${ACCOUNT}:role/shop` };

export const queue = (): World => ({
  resources: {
    queue: aws("sqs/queue:Queue", {
      id: QUEUE_URL,
      name: "jobs",
      arn: QUEUE,
      kmsMasterKeyId: KEY,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: arn("sqs", "dead"), maxReceiveCount: 5 }),
    }),
    policy: aws("sqs/queuePolicy:QueuePolicy", {
      queueUrl: QUEUE_URL,
      policy: policyText(allow(OWN_ROLE, "sqs:SendMessage", QUEUE), denyPlain("sqs:*", QUEUE)),
    }),
  },
});

export const topic = (): World => ({
  resources: {
    topic: aws("sns/topic:Topic", { name: "events", arn: TOPIC, kmsMasterKeyId: KEY }),
    policy: aws("sns/topicPolicy:TopicPolicy", {
      arn: TOPIC,
      policy: policyText(allow(OWN_ROLE, "sns:Publish", TOPIC), denyPlain("sns:Publish", TOPIC)),
    }),
    subscription: aws("sns/topicSubscription:TopicSubscription", {
      topic: TOPIC,
      protocol: "https",
      endpoint: "https://hooks.example/events",
    }),
  },
});

export const logGroup = (): World => ({
  resources: {
    group: aws("cloudwatch/logGroup:LogGroup", { name: "/shop", kmsKeyId: KEY, retentionInDays: 365 }),
  },
});

export const secret = (): World => ({
  resources: {
    secret: aws("secretsmanager/secret:Secret", { name: "db", kmsKeyId: KEY, recoveryWindowInDays: 30 }),
    policy: aws("secretsmanager/secretPolicy:SecretPolicy", {
      secretArn: arn("secretsmanager", "secret:db"),
      policy: policyText(allow(OWN_ROLE, "secretsmanager:GetSecretValue", "*")),
    }),
    rotation: aws("secretsmanager/secretRotation:SecretRotation", {
      secretId: "db",
      rotationLambdaArn: arn("lambda", "function:rotate"),
      rotationRules: { automaticallyAfterDays: 30 },
    }),
  },
});

export const fileSystem = (): World => ({
  resources: {
    files: aws("efs/fileSystem:FileSystem", { id: "fs-1", encrypted: true, kmsKeyId: KEY }),
    backup: aws("efs/backupPolicy:BackupPolicy", {
      fileSystemId: "fs-1",
      backupPolicy: { status: "ENABLED" },
    }),
  },
});

export const parameter = (): World => ({
  resources: {
    parameter: aws("ssm/parameter:Parameter", {
      name: "/shop/db-password",
      type: "SecureString",
      keyId: KEY,
    }),
  },
});
