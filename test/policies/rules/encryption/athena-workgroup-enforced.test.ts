import { athenaWorkgroupEnforced } from "../../../../policies/rules/encryption/athena-workgroup-enforced";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const workgroup = (enforceWorkgroupConfiguration: unknown) =>
  put("workgroup", "aws:athena/workgroup:Workgroup", {
    name: "team",
    configuration: {
      enforceWorkgroupConfiguration,
      resultConfiguration: {
        encryptionConfiguration: {
          encryptionOption: "SSE_KMS",
          kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/a",
        },
      },
    },
  });

describeRule(athenaWorkgroupEnforced, {
  good: { enforced: workgroup(true), "by default": workgroup(null) },
  bad: { "not enforced": workgroup(false) },
  partial: { none: "one switch, which is on or off" },
  wrongType: { "a text": workgroup("false") },
  unknown: { it: workgroup(UNKNOWN) },
});
