import type * as pulumi from "@pulumi/pulumi";
import { isBucketName, isIpv4Cidr, isModelFile, parseS3Source } from "../internal/references";
import { plainValue, type Problems } from "../internal/validation";
import {
  defaultPath,
  isPlainPath,
  PLAIN_PATH,
  type ModelReference,
  type RepositorySignature,
} from "./repository-models";

/** A bucket that is there already, whoever keeps it. */
export interface ExistingBucket {
  /** Its name. */
  readonly bucket: pulumi.Input<string>;
  /**
   * ARN of the KMS key that its objects are encrypted with; pods are allowed to decrypt with this one only.
   * @default none: the objects are encrypted with S3's own keys
   */
  readonly keyArn?: pulumi.Input<string>;
  /**
   * Region that it lies in.
   * @default the stack's
   */
  readonly region?: pulumi.Input<string>;
}

/** A ModelRepository in a bucket of S3, its own or an existing one. Pods read it through EKS Pod Identity. */
export interface S3RepositoryArgs extends RepositorySignature {
  /** How models are stored: as objects of a bucket. */
  readonly kind: "s3";
  /** Every model version that services may serve. */
  readonly models: readonly ModelReference[];
  /** Name of the EKS cluster whose pods fetch the models; it must have the add-on `eks-pod-identity-agent`. */
  readonly clusterName: pulumi.Input<string>;
  /**
   * An existing bucket; none is made then, and what describes one of the repository's own must not be given.
   * @default a bucket of the repository's own
   */
  readonly existing?: ExistingBucket;
  /**
   * Name of the repository's own bucket: 3 to 63 lower-case letters, digits and `-`, taken by nobody else on AWS.
   * @default the repository's name and a random ending
   */
  readonly bucketName?: string;
  /**
   * Folder of the bucket that models lie in, without `/` at its ends.
   * @default ""
   */
  readonly prefix?: string;
  /**
   * ARN of an existing KMS key that the repository's own bucket is encrypted with.
   * @default a key of the repository's own, rotated every year
   */
  readonly keyArn?: pulumi.Input<string>;
  /**
   * Days that an object can still be brought back after it was replaced or deleted.
   * @default 90
   */
  readonly noncurrentDays?: number;
  /**
   * Name of an existing bucket for access logs, of the same account and region; its policy must let S3's log delivery write.
   * @default a bucket of the repository's own
   */
  readonly accessLogBucket?: pulumi.Input<string>;
  /**
   * Days that access logs are kept in the repository's own bucket.
   * @default 365
   */
  readonly accessLogDays?: number;
  /**
   * Whether the repository's own buckets are emptied when they are destroyed. Otherwise a bucket that holds objects stays,
   * with everything that protects it, and the destroy says so.
   * @default false
   */
  readonly forceDestroy?: boolean;
  /**
   * Address ranges (IPv4 CIDR) of S3 as pods see it, as of an interface endpoint; pods may fetch from nowhere else.
   * @default any address but link-local ones
   */
  readonly storeCidrs?: readonly string[];
  /**
   * Tags of every resource on AWS.
   * @default {}
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Defaults; a test ties each to its `@default` above. */
export const S3_DEFAULTS = {
  prefix: "",
  noncurrentDays: 90,
  accessLogDays: 365,
  forceDestroy: false,
  tags: {},
} as const satisfies Partial<S3RepositoryArgs>;

/** What has no meaning for a bucket that somebody else keeps. */
const OWN_BUCKET = [
  "bucketName",
  "keyArn",
  "noncurrentDays",
  "accessLogBucket",
  "accessLogDays",
  "forceDestroy",
] as const satisfies (keyof S3RepositoryArgs)[];

const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;

/** Random ending of a generated name, and `-access-logs` before it. */
const LONGEST_NAME = 63 - "-access-logs-1234567".length;

/** The bucket's name, where it is known while the program runs. */
export function plainBucketName(args: S3RepositoryArgs): string | undefined {
  return args.existing ? plainValue(args.existing.bucket) : args.bucketName;
}

/** Records every problem but those of the models. */
export function checkS3Repository(name: string, args: S3RepositoryArgs, problems: Problems): void {
  const prefix = args.prefix ?? S3_DEFAULTS.prefix;
  problems.check(
    prefix === "" || isPlainPath(prefix),
    "prefix",
    `"${prefix}" must be ${PLAIN_PATH}, without one at its ends`,
  );
  const cluster = plainValue(args.clusterName);
  problems.check(
    cluster === undefined || /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(cluster),
    "clusterName",
    `"${cluster}" must be 1 to 100 letters, digits, "-" or "_"`,
  );
  args.storeCidrs?.forEach((cidr, i) =>
    problems.check(
      isIpv4Cidr(cidr),
      `storeCidrs[${i}]`,
      `"${cidr}" must be an IPv4 range, as in "10.0.0.0/8"`,
    ),
  );
  if (args.existing) checkExisting(args, args.existing, problems);
  else checkOwn(name, args, problems);
}

/** What is wrong with a model's source. */
export function s3SourceProblem(args: S3RepositoryArgs, { source }: ModelReference): string | undefined {
  if (source === undefined) return undefined;
  if (!source.includes("://")) {
    return isPlainPath(source) ? undefined : `"${source}" must be ${PLAIN_PATH}, or s3://BUCKET/KEY`;
  }
  const parsed = parseS3Source(source);
  if (!parsed || !isPlainPath(parsed.key)) {
    return `"${source}" must be s3://BUCKET/KEY, with ${PLAIN_PATH} as key`;
  }
  const prefix = args.prefix ?? S3_DEFAULTS.prefix;
  if (prefix !== "" && !parsed.key.startsWith(`${prefix}/`)) {
    return `"${source}" must lie below \`prefix\` (${prefix})`;
  }
  const bucket = plainBucketName(args);
  if (bucket === undefined && !args.existing) {
    return `"${source}" names a bucket, but the repository's own has no name yet; give \`bucketName\`, or a path`;
  }
  if (bucket !== undefined && parsed.bucket !== bucket) {
    return `"${source}" must lie in the repository's bucket (${bucket})`;
  }
  return undefined;
}

function checkExisting(args: S3RepositoryArgs, existing: ExistingBucket, problems: Problems): void {
  for (const property of OWN_BUCKET) {
    problems.check(
      args[property] === undefined,
      property,
      "must not be given with `existing`: that bucket is left as it is",
    );
  }
  const bucket = plainValue(existing.bucket);
  problems.check(
    bucket === undefined || isBucketName(bucket),
    "existing.bucket",
    `"${bucket}" must be the name of a bucket: 3 to 63 lower-case letters, digits, "." and "-"`,
  );
  const region = plainValue(existing.region);
  problems.check(
    region === undefined || /^[a-z]{2}(-[a-z]+)+-\d$/.test(region),
    "existing.region",
    `"${region}" must be a region, as in "eu-central-1"`,
  );
  checkKey(existing.keyArn, "existing.keyArn", problems);
}

function checkOwn(name: string, args: S3RepositoryArgs, problems: Problems): void {
  const { bucketName } = args;
  problems.check(
    /^[a-z0-9][a-z0-9-]*$/.test(name) && name.length <= LONGEST_NAME,
    "name",
    `"${name}" must be at most ${LONGEST_NAME} lower-case letters, digits and "-", beginning with a letter or digit: buckets are called after it`,
  );
  problems.check(
    bucketName === undefined || (isBucketName(bucketName) && !bucketName.includes(".")),
    "bucketName",
    `"${bucketName}" must be 3 to 63 lower-case letters, digits and "-", beginning and ending with a letter or digit`,
  );
  checkKey(args.keyArn, "keyArn", problems);
  for (const property of ["noncurrentDays", "accessLogDays"] as const) {
    const days = args[property] ?? S3_DEFAULTS[property];
    problems.check(
      Number.isInteger(days) && days >= 1,
      property,
      `${days} must be a whole number of days >= 1`,
    );
  }
  problems.check(
    args.accessLogBucket === undefined || args.accessLogDays === undefined,
    "accessLogDays",
    "must not be given with `accessLogBucket`: that bucket is left as it is",
  );
  const logs = plainValue(args.accessLogBucket);
  problems.check(
    logs === undefined || isBucketName(logs),
    "accessLogBucket",
    `"${logs}" must be the name of a bucket: 3 to 63 lower-case letters, digits, "." and "-"`,
  );
}

function checkKey(arn: pulumi.Input<string> | undefined, property: string, problems: Problems): void {
  const plain = plainValue(arn);
  problems.check(
    plain === undefined || KEY_ARN.test(plain),
    property,
    `"${plain}" must be the ARN of a KMS key, as in "arn:aws:kms:eu-central-1:123456789012:key/…"`,
  );
}

/** Where a model lies in the bucket. */
export interface ModelKey {
  readonly key: string;
  /** One object, or all below the key. */
  readonly isFile: boolean;
  /** Whether its signature, another object, is read too. */
  readonly isSigned: boolean;
}

export function keyOf(model: ModelReference, prefix: string): ModelKey {
  const path = model.source ?? defaultPath(model);
  const key = parseS3Source(path)?.key ?? (prefix === "" ? path : `${prefix}/${path}`);
  // That of an archive, as that of a folder, lies within.
  const isSigned = model.signatureKey !== undefined && key.endsWith(".onnx");
  return { key, isFile: isModelFile(key), isSigned };
}
