import { given, Links } from "../../model/aws-links";
import { BUCKET_NAMES, BUCKET_TYPES, logBuckets } from "../../model/buckets";
import type { Field } from "../../model/field";
import { oneOrMany } from "../../model/one-or-many";
import type { StackRule } from "../../model/rule";
import { asNumber, hasText } from "../../model/scalars";
import type { Subject } from "../../model/subject";

const LIFECYCLE_TYPES = [
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
];

const DEFAULT_DAYS = 7;

/** Names and tags of buckets whose content can be made again, or is of use for a day. */
const SHORT_LIVED =
  /(?:^|[-_./])(?:te?mp|temporary|scratch|caches?|logs?|transient|ephemeral|spill|(?:athena|query)-?results|pipeline-?artifacts)(?:$|[-_./])/i;

/** @throws UnknownRead */
function isShortLived(bucket: Subject): boolean {
  const names = [bucket.name, given(bucket, "bucket").string() ?? ""];
  const tags = [...given(bucket, "tags").stringMap().values()];
  return [...names, ...tags].some((text) => SHORT_LIVED.test(text));
}

/** Whether a rule is about a part of the bucket, which somebody has chosen. @throws UnknownRead */
function isAboutPart(rule: Field): boolean {
  const filter = rule.get("filter");
  const prefixes = [rule.get("prefix"), filter.get("prefix"), filter.get("and", "prefix")];
  const tags = [rule.get("tags"), filter.get("and", "tags")];
  return (
    prefixes.some(hasText) || filter.get("tag").exists() || tags.some((some) => some.entries().length > 0)
  );
}

/** @throws UnknownRead */
function isOn(rule: Field): boolean {
  return rule.get("status").string() === "Enabled" || rule.get("enabled").isTrue();
}

/** The days after which a rule deletes non-current versions, whichever there are; NaN where it keeps them. @throws UnknownRead */
function daysKept(rule: Field): number {
  const expirations = ["noncurrentVersionExpiration", "noncurrentVersionExpirations"]
    .flatMap((property) => oneOrMany(rule.get(property)))
    .filter((expiration) => !(asNumber(expiration.get("newerNoncurrentVersions")) > 0));
  const days = expirations.flatMap((expiration) =>
    ["noncurrentDays", "days"].map((property) => asNumber(expiration.get(property))),
  );
  return days.find((some) => !Number.isNaN(some)) ?? NaN;
}

export const s3NoncurrentExpiration: StackRule = {
  id: "s3-noncurrent-expiration",
  title: "Buckets keep what was overwritten for some days at least",
  severity: "medium",
  description:
    "Where a lifecycle rule deletes non-current versions after a day, versioning protects nobody: a mistake is found later. Rules on a prefix or a tag, and buckets that are for logs or temporary by their name, are left out.",
  remediation: "noncurrentVersionExpiration: { noncurrentDays: 90, newerNoncurrentVersions: 3 }",
  types: [...LIFECYCLE_TYPES, ...BUCKET_TYPES],
  controls: [],
  configSchema: {
    properties: {
      minimumDays: {
        type: "integer",
        minimum: 1,
        default: DEFAULT_DAYS,
        description: "The fewest days that non-current versions are to be kept.",
      },
    },
  },
  scope: "stack",
  check(stack, verdict, { minimumDays }) {
    const least = typeof minimumDays === "number" ? minimumDays : DEFAULT_DAYS;
    const buckets = stack.ofTypes(BUCKET_TYPES);
    const configurations = stack.ofTypes(LIFECYCLE_TYPES);
    const links = new Links(buckets, configurations, "bucket", BUCKET_NAMES);
    const bucketOf = new Map(
      buckets.flatMap((bucket) => links.to(bucket).map(({ urn }) => [urn, bucket] as const)),
    );
    const logs = logBuckets(stack, buckets);

    const isLeftOut = (subject: Subject): boolean => {
      const bucket = bucketOf.get(subject.urn) ?? subject;
      return logs.has(bucket.urn) || isShortLived(bucket);
    };
    const judge = (subject: Subject, rule: Field): void =>
      verdict.judge(subject, () => {
        const days = daysKept(rule);
        if (!(days < least) || !isOn(rule) || isAboutPart(rule) || isLeftOut(subject)) return;
        verdict.fail(
          subject,
          `must keep non-current versions for at least ${least} days, or some of them by \`newerNoncurrentVersions\` (given: ${days}).`,
        );
      });

    const lists = [
      ...configurations.map((configuration) => [configuration, "rules"] as const),
      ...buckets.map((bucket) => [bucket, "lifecycleRules"] as const),
    ];
    for (const [subject, property] of lists)
      verdict.judge(subject, () =>
        given(subject, property)
          .items()
          .forEach((rule) => judge(subject, rule)),
      );
  },
};
