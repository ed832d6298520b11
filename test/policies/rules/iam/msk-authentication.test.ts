import { UNKNOWN } from "../../../../policies/testing";
import { mskAuthentication } from "../../../../policies/rules/iam/msk-authentication";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(mskAuthentication, {
  good: {
    IAM: example("kafka"),
    certificates: example("kafka", {
      clientAuthentication: { tls: { certificateAuthorityArns: ["arn:ca"] } },
    }),
  },
  bad: {
    unsaid: example("kafka", { clientAuthentication: undefined }),
    strangers: example("kafka", { clientAuthentication: { unauthenticated: true } }),
  },
  partial: {
    "strangers beside a login": example("kafka", {
      clientAuthentication: { sasl: { iam: true }, unauthenticated: true },
    }),
  },
  wrongType: { text: example("kafka", { clientAuthentication: { sasl: { iam: "true" } } }) },
  unknown: { authentication: example("kafka", { clientAuthentication: UNKNOWN }) },
});
