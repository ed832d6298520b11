import { UNKNOWN } from "../../../../policies/testing";
import { redisAuthentication } from "../../../../policies/rules/iam/redis-authentication";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(redisAuthentication, {
  good: {
    token: example("redis", { userGroupIds: undefined, authToken: "from-a-secret" }),
    "of a global group": example("redis", { userGroupIds: undefined, globalReplicationGroupId: "global" }),
  },
  bad: { none: example("redis", { userGroupIds: undefined }) },
  partial: {
    "an empty list": example("redis", { userGroupIds: [] }),
    "an empty token": example("redis", { userGroupIds: undefined, authToken: "" }),
  },
  wrongType: { text: example("redis", { userGroupIds: "app" }) },
  unknown: { groups: example("redis", { userGroupIds: UNKNOWN }) },
});
