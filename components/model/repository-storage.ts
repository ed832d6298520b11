import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { BucketLogging } from "@pulumi/aws/s3/bucketLogging";
import * as pulumi from "@pulumi/pulumi";
import { createEncryptionKey } from "../internal/encryption-key";
import { createPrivateBucket, UNFINISHED_UPLOAD_DAYS, type PrivateBucket } from "./repository-bucket";
import { S3_DEFAULTS, type S3RepositoryArgs } from "./s3-repository";

/** Days for which a deleted access log can still be brought back. */
const DELETED_LOG_DAYS = 30;

const abandonedUploads = { daysAfterInitiation: UNFINISHED_UPLOAD_DAYS };

/** A repository's own bucket, with its key and its access log. */
export function createStorage(
  name: string,
  args: S3RepositoryArgs,
  component: pulumi.Resource,
): { bucketName: pulumi.Output<string>; keyArn: pulumi.Output<string> } {
  const tags = args.tags ?? S3_DEFAULTS.tags;
  const key =
    args.keyArn === undefined
      ? createEncryptionKey(`${name}-key`, `Models of ${name}`, [], tags, { parent: component })
      : undefined;
  const keyArn = pulumi.output(args.keyArn ?? key!.arn);
  const forceDestroy = args.forceDestroy ?? S3_DEFAULTS.forceDestroy;
  const models = createPrivateBucket(
    `${name}-bucket`,
    {
      bucketName: args.bucketName,
      keyArn,
      statements: (arn) => keyArn.apply((key) => onlyItsKey(arn, key)),
      lifecycle: [
        {
          id: "old-versions",
          status: "Enabled",
          filter: {},
          noncurrentVersionExpiration: { noncurrentDays: args.noncurrentDays ?? S3_DEFAULTS.noncurrentDays },
          expiration: { expiredObjectDeleteMarker: true },
          abortIncompleteMultipartUpload: abandonedUploads,
        },
      ],
      forceDestroy,
      tags,
    },
    component,
    key ? [key] : [],
  );
  const prefix = `${name}/`;
  const log = args.accessLogBucket
    ? undefined
    : createAccessLog(name, prefix, models, args.accessLogDays ?? S3_DEFAULTS.accessLogDays, component, {
        forceDestroy,
        tags,
      });
  new BucketLogging(
    `${name}-bucket-logging`,
    {
      bucket: models.name,
      targetBucket: args.accessLogBucket ?? log!.name,
      targetPrefix: prefix,
      targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
    },
    // S3 checks whether it may write there.
    { parent: component, deletedWith: models.bucket, dependsOn: log ? [log.policy] : [] },
  );
  return { bucketName: models.name, keyArn };
}

const ENCRYPTION = "s3:x-amz-server-side-encryption";
const ENCRYPTION_KEY = "s3:x-amz-server-side-encryption-aws-kms-key-id";

/**
 * An upload that asks for another encryption than the bucket's own is refused: pods may use its key only. One that asks for none gets
 * the bucket's. A key has to be named beside `aws:kms`, and by its ARN: without one S3 takes the account's key for S3.
 */
function onlyItsKey(arn: string, keyArn: string): readonly object[] {
  const upload = { Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: `${arn}/*` };
  // Not `StringNotEqualsIfExists`: it holds where there is no such header, too.
  const asks = { Null: { [ENCRYPTION]: "false" } };
  return [
    { Sid: "OnlyKms", ...upload, Condition: { ...asks, StringNotEquals: { [ENCRYPTION]: "aws:kms" } } },
    { Sid: "OnlyItsKey", ...upload, Condition: { ...asks, StringNotEquals: { [ENCRYPTION_KEY]: keyArn } } },
  ];
}

/** S3 delivers access logs to buckets with keys of its own only: a KMS key would lose them. */
function createAccessLog(
  name: string,
  prefix: string,
  models: PrivateBucket,
  days: number,
  component: pulumi.Resource,
  shared: { readonly forceDestroy: boolean; readonly tags: Readonly<Record<string, string>> },
): PrivateBucket {
  const { accountId } = getCallerIdentityOutput({}, { parent: component });
  return createPrivateBucket(
    `${name}-access-logs`,
    {
      ...shared,
      statements: (arn) =>
        pulumi.all([models.arn, accountId]).apply(([source, account]) => [
          {
            Sid: "LogDelivery",
            Effect: "Allow",
            Principal: { Service: "logging.s3.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: `${arn}/${prefix}*`,
            Condition: {
              ArnEquals: { "aws:SourceArn": source },
              StringEquals: { "aws:SourceAccount": account },
            },
          },
        ]),
      lifecycle: [
        {
          id: "old-logs",
          status: "Enabled",
          filter: {},
          expiration: { days },
          noncurrentVersionExpiration: { noncurrentDays: DELETED_LOG_DAYS },
          abortIncompleteMultipartUpload: abandonedUploads,
        },
      ],
    },
    component,
  );
}
