import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getPartitionOutput } from "@pulumi/aws/getPartition";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import { Key } from "@pulumi/aws/kms/key";
import * as pulumi from "@pulumi/pulumi";

/** Days that a key can still be called back after it was deleted: the longest that AWS offers, as data is lost with a key. */
const DELETION_WINDOW_DAYS = 30;

/** An AWS service that works with the key on behalf of the account. */
export interface KeyUser {
  /** Principal, as in `logs.REGION.amazonaws.com`; `REGION` stands for the stack's region. */
  readonly service: string;
  /** Condition keys that tie the use to resources of this account. */
  readonly condition?: (account: string, region: string, partition: string) => object;
}

/** CloudWatch Logs, for any log group of this account and region. */
export const LOG_GROUPS: KeyUser = {
  service: "logs.REGION.amazonaws.com",
  condition: (account, region, partition) => ({
    ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${region}:${account}:*` },
  }),
};

/** A key of the account's own that is rotated every year; its administrators are those whom IAM says. */
export function createEncryptionKey(
  name: string,
  description: string,
  users: readonly KeyUser[],
  tags: Readonly<Record<string, string>>,
  opts: pulumi.CustomResourceOptions,
): Key {
  const invoke = { parent: opts.parent };
  const policy = pulumi
    .all([getCallerIdentityOutput({}, invoke), getRegionOutput({}, invoke), getPartitionOutput({}, invoke)])
    .apply(([{ accountId }, { region }, { partition }]) =>
      JSON.stringify(keyPolicy(users, accountId, region, partition)),
    );
  return new Key(
    name,
    {
      description,
      enableKeyRotation: true,
      deletionWindowInDays: DELETION_WINDOW_DAYS,
      policy,
      tags: { ...tags, Name: name },
    },
    opts,
  );
}

/** The policy that AWS gives a key by default, and a statement for each service. */
export function keyPolicy(
  users: readonly KeyUser[],
  account: string,
  region: string,
  partition: string,
): object {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AccountPermissions",
        Effect: "Allow",
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      ...users.map(({ service, condition }, i) => ({
        Sid: `Service${i}`,
        Effect: "Allow",
        Principal: { Service: service.replace("REGION", region) },
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        Resource: "*",
        ...(condition ? { Condition: condition(account, region, partition) } : {}),
      })),
    ],
  };
}
