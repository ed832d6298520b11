import { createHash } from "node:crypto";
import { PodIdentityAssociation } from "@pulumi/aws/eks/podIdentityAssociation";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import * as pulumi from "@pulumi/pulumi";
import { allow, podIdentityTrust, type Statement } from "../internal/aws-policies";
import { Problems } from "../internal/validation";
import type { ModelKey } from "./s3-repository";

/** What is granted, to whom. */
export interface ModelGrant {
  readonly clusterName: pulumi.Input<string>;
  readonly account: { readonly namespace: pulumi.Input<string>; readonly name: pulumi.Input<string> };
  readonly keys: readonly ModelKey[];
  readonly bucketArn: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string> | undefined;
  readonly region: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Characters of all inline policies of a role together, without white space. */
const LARGEST_POLICY = 10_240;

const SHORTEST_KEY = `arn:aws:kms:eu-west-1:123456789012:key/${"0".repeat(36)}`;

/** A role's name has 64 characters at most; Pulumi's random ending takes 8. */
const LONGEST_ROLE = 56;

/**
 * A role that only the pods of one service account may take, and that only reads these models.
 * @returns what makes the grant complete
 */
export function createGrant(
  name: string,
  grant: ModelGrant,
  opts: pulumi.ComponentResourceOptions,
): PodIdentityAssociation {
  const { clusterName, account, tags } = grant;
  const role = new Role(
    roleName(`${name}-role`),
    {
      description: `Reads ${name} from S3`,
      assumeRolePolicy: pulumi
        .all([clusterName, account.namespace, account.name])
        .apply(([cluster, namespace, serviceAccount]) => trust(cluster, namespace, serviceAccount)),
      tags: { ...tags },
    },
    opts,
  );
  const reading = new RolePolicy(
    `${name}-policy`,
    {
      role: role.name,
      policy: pulumi.output(grant.bucketArn).apply((bucketArn) => readPermissions(grant.keys, bucketArn)),
    },
    opts,
  );
  // Apart, so that a preview shows what may be read even where the key is not made yet.
  const decryption = createDecryption(`${name}-decryption`, role, grant, opts);
  return new PodIdentityAssociation(
    `${name}-identity`,
    {
      clusterName,
      namespace: account.namespace,
      serviceAccount: account.name,
      roleArn: role.arn,
      tags: { ...tags },
    },
    { ...opts, dependsOn: [reading, ...decryption] },
  );
}

/** EKS tags each session with where it comes from, so that an association for others does not get this role. */
function trust(cluster: string, namespace: string, serviceAccount: string): string {
  return podIdentityTrust({
    StringEquals: {
      "aws:RequestTag/eks-cluster-name": cluster,
      "aws:RequestTag/kubernetes-namespace": namespace,
      "aws:RequestTag/kubernetes-service-account": serviceAccount,
    },
  });
}

function createDecryption(
  name: string,
  role: Role,
  { bucketArn, keyArn, region }: ModelGrant,
  opts: pulumi.ComponentResourceOptions,
): RolePolicy[] {
  if (keyArn === undefined) return [];
  const policy = pulumi
    .all([bucketArn, keyArn, region])
    .apply(([bucket, key, place]) => decryptPermission(bucket, key, place));
  return [new RolePolicy(name, { role: role.name, policy }, opts)];
}

/** What reading these models takes, and nothing else. */
export function readPermissions(keys: readonly ModelKey[], bucketArn: string): string {
  const folders = keys.filter(({ isFile }) => !isFile);
  const objects: Statement = {
    actions: ["s3:GetObject"],
    resources: unique(
      keys.flatMap(({ key, isFile, isSigned }) => {
        const object = `${bucketArn}/${key}${isFile ? "" : "/*"}`;
        return isFile && isSigned ? [object, `${object}.sig`] : [object];
      }),
    ),
  };
  if (folders.length === 0) return allow(objects);
  return allow(objects, {
    actions: ["s3:ListBucket"],
    resources: [bucketArn],
    condition: { StringEquals: { "s3:prefix": unique(folders.map(({ key }) => `${key}/`)) } },
  });
}

/** The one key, and only by way of S3 for the objects of the one bucket. */
export function decryptPermission(bucketArn: string, keyArn: string, region: string): string {
  return allow({
    actions: ["kms:Decrypt"],
    resources: [keyArn],
    condition: {
      StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` },
      // S3 names the bucket where it uses a bucket key, else the object.
      StringLike: { "kms:EncryptionContext:aws:s3:arn": [bucketArn, `${bucketArn}/*`] },
    },
  });
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

/**
 * Checks before anything is made that a role can hold the permissions.
 * @param bucketName the bucket's, or one that is not longer
 */
export function checkGrantSize(
  repository: string,
  keys: readonly ModelKey[],
  bucketName: string,
  encrypted: boolean,
): void {
  const bucketArn = `arn:aws:s3:::${bucketName}`;
  const decryption = encrypted ? decryptPermission(bucketArn, SHORTEST_KEY, "eu-west-1").length : 0;
  const length = readPermissions(keys, bucketArn).length + decryption;
  const problems = new Problems("ModelRepository", repository);
  problems.check(
    length <= LARGEST_POLICY,
    "models",
    `reading ${keys.length} models takes IAM policies of ${length} characters, more than the ${LARGEST_POLICY} of a role; use a further service, or shorter paths`,
  );
  problems.throwIfAny();
}

function roleName(name: string): string {
  if (name.length <= LONGEST_ROLE) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, LONGEST_ROLE - 9)}-${hash}`;
}
