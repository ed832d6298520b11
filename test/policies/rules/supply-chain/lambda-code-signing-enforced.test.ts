import { lambdaCodeSigningEnforced } from "../../../../policies/rules/supply-chain/lambda-code-signing-enforced";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const signing = (policies?: unknown) =>
  put("signing", "aws:lambda/codeSigningConfig:CodeSigningConfig", {
    allowedPublishers: { signingProfileVersionArns: ["arn:aws:signer:eu-central-1:111122223333:/p/a/1"] },
    ...(policies !== undefined && { policies }),
  });

describeRule(lambdaCodeSigningEnforced, {
  good: { enforced: signing({ untrustedArtifactOnDeployment: "Enforce" }) },
  bad: { "only warns": signing({ untrustedArtifactOnDeployment: "Warn" }), "not said": signing() },
  partial: { "policies without it": signing({}) },
  wrongType: { "a switch": signing({ untrustedArtifactOnDeployment: true }) },
  unknown: { it: signing({ untrustedArtifactOnDeployment: UNKNOWN }), policies: signing(UNKNOWN) },
});
