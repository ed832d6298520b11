import { inputRule } from "../../model/input-rule";
import { asText } from "../../model/scalars";

export const s3BucketNameDots = inputRule(
  {
    id: "s3-bucket-name-dots",
    title: "Names of buckets are one label of DNS",
    severity: "low",
    description:
      "The certificate of S3 is for one label: a bucket with dots in its name can be reached over TLS by the older path style only.",
    remediation: 'bucket: "models-shop"',
    types: ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"],
    controls: [],
  },
  (fields) => {
    const name = ["bucket", "bucketPrefix"]
      .map((key) => asText(fields.get(key)))
      .find((text) => text.includes("."));
    return name === undefined ? undefined : `must have a name without dots, not \`${name}\`.`;
  },
);
