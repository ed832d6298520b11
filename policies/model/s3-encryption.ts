import { given } from "./aws-links";
import type { Field } from "./field";
import { oneOrMany } from "./one-or-many";
import type { Subject } from "./subject";

export const BUCKET_TYPES = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];

/** The encryption of a bucket as a resource of its own. */
export const BUCKET_ENCRYPTION_TYPES = [
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
];

/**
 * The algorithms that a bucket, or the resource beside it, encrypts new objects with. An algorithm that a rule leaves
 * out is among them, as a field without a value. @throws UnknownRead
 */
export function defaultAlgorithms(subject: Subject): Field[] {
  return rulesOf(subject).flatMap((rule) => {
    // BucketV2 has a list where the others have one object.
    const lists = ["applyServerSideEncryptionByDefault", "applyServerSideEncryptionByDefaults"];
    const defaults = lists.flatMap((list) => oneOrMany(rule.get(list)));
    return (defaults.length > 0 ? defaults : [rule]).map((item) => item.get("sseAlgorithm"));
  });
}

function rulesOf(subject: Subject): Field[] {
  switch (subject.type) {
    case "aws:s3/bucket:Bucket":
      return oneOrMany(given(subject, "serverSideEncryptionConfiguration").get("rule"));
    case "aws:s3/bucketV2:BucketV2":
      return oneOrMany(given(subject, "serverSideEncryptionConfigurations")).flatMap((configuration) =>
        oneOrMany(configuration.get("rules")),
      );
    default:
      return oneOrMany(subject.fields.get("rules"));
  }
}
