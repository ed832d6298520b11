import { UNKNOWN } from "../../../../policies/testing";
import { redisFailover } from "../../../../policies/rules/availability/redis-failover";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(redisFailover, {
  good: { on: example("redis") },
  bad: {
    off: example("redis", { automaticFailoverEnabled: false }),
    unsaid: example("redis", { automaticFailoverEnabled: undefined }),
  },
  partial: {
    "two zones, but no failover": example("redis", { automaticFailoverEnabled: false, multiAzEnabled: true }),
  },
  wrongType: { text: example("redis", { automaticFailoverEnabled: "true" }) },
  unknown: { switch: example("redis", { automaticFailoverEnabled: UNKNOWN }) },
});
