import { s3NoncurrentExpiration } from "../../../../policies/rules/availability/s3-noncurrent-expiration";
import { UNKNOWN } from "../../../../policies/testing";
import { describeMore, describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

const configuration = (rules: unknown, bucket: unknown = "models", version = "") =>
  put("expiry", `aws:s3/bucketLifecycleConfiguration${version}:BucketLifecycleConfiguration${version}`, {
    bucket,
    rules,
  });
const rule = (noncurrentVersionExpiration: unknown, more: object = {}) => ({
  id: "expire",
  status: "Enabled",
  filter: { prefix: "" },
  noncurrentVersionExpiration,
  ...more,
});
const days = (noncurrentDays: unknown) => ({ noncurrentDays });
const inline = (lifecycle: object) => set("bucket", "lifecycleRules", [lifecycle]);
const takesLogs = put("otherLogs", "aws:s3/bucketLogging:BucketLogging", {
  bucket: "other",
  targetBucket: "models",
  targetPrefix: "other/",
});

describeRule(s3NoncurrentExpiration, {
  good: {
    "three months": configuration([rule(days(90))]),
    "some are kept": configuration([rule({ noncurrentDays: 1, newerNoncurrentVersions: 3 })]),
    "of a prefix": configuration([rule(days(1), { filter: { prefix: "incoming/" } })]),
    "of a tag": configuration([rule(days(1), { filter: { tag: { key: "keep", value: "no" } } })]),
    "of both": configuration([
      rule(days(1), { filter: { and: { prefix: "incoming/", tags: { keep: "no" } } } }),
    ]),
    "switched off": configuration([rule(days(1), { status: "Disabled" })]),
    "of a cache": configuration([rule(days(1))], "build-cache"),
    "of a bucket that says so": [set("bucket", "tags", { Use: "scratch" }), configuration([rule(days(1))])],
    "a bucket's own": inline({ enabled: true, noncurrentVersionExpiration: { days: 30 } }),
    "current ones expire": configuration([rule(undefined, { expiration: { days: 1 } })]),
  },
  bad: {
    "a day": configuration([rule(days(1))]),
    "of everything": configuration([rule(days(1), { filter: {} })]),
    "of small objects": configuration([rule(days(1), { filter: { objectSizeLessThan: 1000000 } })]),
    "the older type": configuration([rule(days(2))], "models", "V2"),
    "a bucket's own": inline({ enabled: true, noncurrentVersionExpiration: { days: 1 } }),
    "a bucket's own, as a list": inline({ enabled: true, noncurrentVersionExpirations: [{ days: 1 }] }),
    "of a bucket elsewhere": configuration([rule(days(1))], "elsewhere"),
  },
  partial: { "one of two": configuration([rule(days(90)), rule(days(1))]) },
  wrongType: { "a text": configuration([rule(days("1"))]) },
  notJudged: {
    "no number": configuration([rule(days("a day"))]),
    "for logs": [takesLogs, configuration([rule(days(1))])],
  },
  unknown: {
    rules: configuration(UNKNOWN),
    days: configuration([rule(days(UNKNOWN))]),
    filter: configuration([rule(days(1), { filter: UNKNOWN })]),
    bucket: configuration([rule(days(1))], UNKNOWN),
  },
});

describeMore(s3NoncurrentExpiration, {
  config: { minimumDays: 30 },
  good: { enough: configuration([rule(days(30))]) },
  bad: { "too few": configuration([rule(days(14))]) },
});
