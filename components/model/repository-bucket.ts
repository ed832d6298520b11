import { Bucket } from "@pulumi/aws/s3/bucket";
import {
  BucketLifecycleConfiguration,
  type BucketLifecycleConfigurationArgs,
} from "@pulumi/aws/s3/bucketLifecycleConfiguration";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning";
import { getPartitionOutput } from "@pulumi/aws/getPartition";
import * as pulumi from "@pulumi/pulumi";

export interface PrivateBucketSettings {
  /** @default a name that nobody has */
  readonly bucketName?: string;
  /** KMS key that objects are encrypted with. @default S3's own keys */
  readonly keyArn?: pulumi.Input<string>;
  /** Statements of the bucket's policy beside those that ask for TLS. */
  readonly statements: (bucketArn: string) => pulumi.Input<readonly object[]>;
  readonly lifecycle: BucketLifecycleConfigurationArgs["rules"];
  readonly forceDestroy: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

export interface PrivateBucket {
  readonly bucket: Bucket;
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  /** What makes the bucket usable: its policy is in force. */
  readonly policy: BucketPolicy;
}

/** Days after which the parts of an upload that was never finished go. */
export const UNFINISHED_UPLOAD_DAYS = 7;

/** A bucket that is encrypted, versioned, owned by its account alone, closed to the public and to all but TLS 1.2. */
export function createPrivateBucket(
  name: string,
  settings: PrivateBucketSettings,
  component: pulumi.Resource,
  dependsOn: readonly pulumi.Resource[] = [],
): PrivateBucket {
  const { bucketName, keyArn, forceDestroy, tags } = settings;
  const made = new Bucket(
    name,
    { bucket: bucketName, forceDestroy, tags: { ...tags, Name: name } },
    // A key must outlast what it encrypts: where this bucket cannot be deleted, its key is not touched either.
    { parent: component, dependsOn: [...dependsOn] },
  );
  // Deleted with the bucket and not before: where it holds objects and stays, so does its protection.
  const part = { parent: component, deletedWith: made };
  const { bucket } = made;
  const { partition } = getPartitionOutput({}, { parent: component });
  const arn = pulumi.interpolate`arn:${partition}:s3:::${bucket}`;
  const closed = new BucketPublicAccessBlock(
    `${name}-public-access`,
    {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    part,
  );
  const owned = new BucketOwnershipControls(
    `${name}-ownership`,
    { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
    part,
  );
  new BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    {
      bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault:
            keyArn === undefined
              ? { sseAlgorithm: "AES256" }
              : { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
          // One data key for many objects: fewer calls of KMS, which has quotas and a price.
          bucketKeyEnabled: keyArn !== undefined,
          blockedEncryptionTypes: ["SSE-C"],
        },
      ],
    },
    part,
  );
  const versioning = new BucketVersioning(
    `${name}-versioning`,
    { bucket, versioningConfiguration: { status: "Enabled" } },
    part,
  );
  new BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    { bucket, rules: settings.lifecycle },
    { ...part, dependsOn: [versioning] },
  );
  const policy = new BucketPolicy(
    `${name}-policy`,
    {
      bucket,
      policy: arn.apply((arn) =>
        pulumi
          .output(settings.statements(arn))
          .apply((own) =>
            JSON.stringify({ Version: "2012-10-17", Statement: [...tlsStatements(arn), ...own] }),
          ),
      ),
    },
    // S3 refuses changes of a bucket's access that come at the same time.
    { ...part, dependsOn: [closed, owned] },
  );
  return { bucket: made, name: bucket, arn, policy };
}

function tlsStatements(arn: string): object[] {
  const everything = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [arn, `${arn}/*`],
  };
  return [
    { Sid: "OnlyTls", ...everything, Condition: { Bool: { "aws:SecureTransport": "false" } } },
    { Sid: "OnlyTls12", ...everything, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
  ];
}
