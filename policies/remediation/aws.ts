import { objectAt, put } from "./draft";
import type { Remediation } from "./remediation";

const set =
  (key: string, value: unknown): Remediation =>
  (draft) =>
    put(draft, key, value);

const PUBLIC_ACCESS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

const blockPublicAccess: Remediation = (draft, type) => {
  const isAccessPoint = type.endsWith(":AccessPoint");
  const block = isAccessPoint ? objectAt(draft, "publicAccessBlockConfiguration") : draft;
  if (block) for (const name of PUBLIC_ACCESS) put(block, name, true);
};

const METADATA_HOLDERS = ["aws:ec2/instance:Instance", "aws:ec2/launchTemplate:LaunchTemplate"];

const requireTokens: Remediation = (draft, type) => {
  if (!METADATA_HOLDERS.includes(type)) return;
  const options = objectAt(draft, "metadataOptions");
  if (!options) return;
  put(options, "httpTokens", "required");
  // AWS takes the one only with the other.
  options["httpEndpoint"] ??= "enabled";
};

/** Encryption with the service's own key, where no key of one's own is named. */
const queueEncryption: Remediation = (draft) => {
  const isFree = (value: unknown): boolean => value === undefined || value === null || value === "";
  if (isFree(draft["kmsMasterKeyId"])) put(draft, "sqsManagedSseEnabled", true);
};

/**
 * What AWS changes in place. Not here: encryption of volumes, databases, file systems and repositories, since turning it on
 * replaces the resource and what is stored in it.
 */
export const awsRemediations: Readonly<Record<string, Remediation>> = {
  "s3-public-access-block": blockPublicAccess,
  "instance-metadata-tokens": requireTokens,
  "kms-key-rotation": set("enableKeyRotation", true),
  "sqs-queue-encryption": queueEncryption,
  "ecr-immutable-tags": set("imageTagMutability", "IMMUTABLE"),
  "cloudtrail-log-validation": set("enableLogFileValidation", true),
};
