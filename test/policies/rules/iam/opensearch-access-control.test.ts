import { UNKNOWN } from "../../../../policies/testing";
import { opensearchAccessControl } from "../../../../policies/rules/iam/opensearch-access-control";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(opensearchAccessControl, {
  good: { on: example("search") },
  bad: {
    unsaid: example("search", { advancedSecurityOptions: undefined }),
    off: example("search", { advancedSecurityOptions: { enabled: false } }),
  },
  partial: { "a user only": example("search", { advancedSecurityOptions: { masterUserOptions: {} } }) },
  wrongType: { text: example("search", { advancedSecurityOptions: { enabled: "true" } }) },
  unknown: { options: example("search", { advancedSecurityOptions: UNKNOWN }) },
});
