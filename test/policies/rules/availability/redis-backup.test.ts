import { UNKNOWN } from "../../../../policies/testing";
import { redisBackup } from "../../../../policies/rules/availability/redis-backup";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(redisBackup, {
  good: { daily: example("redis", { snapshotRetentionLimit: 1 }) },
  bad: {
    none: example("redis", { snapshotRetentionLimit: 0 }),
    unsaid: example("redis", { snapshotRetentionLimit: undefined }),
  },
  partial: {
    "a time, but no days": example("redis", {
      snapshotWindow: "03:00-04:00",
      snapshotRetentionLimit: undefined,
    }),
  },
  wrongType: { text: example("redis", { snapshotRetentionLimit: "daily" }) },
  unknown: { days: example("redis", { snapshotRetentionLimit: UNKNOWN }) },
});
