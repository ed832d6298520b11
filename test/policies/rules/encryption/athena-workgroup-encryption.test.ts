import { athenaWorkgroupEncryption } from "../../../../policies/rules/encryption/athena-workgroup-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const workgroup = (more: Record<string, unknown>) =>
  put("workgroup", "aws:athena/workgroup:Workgroup", { ...more });

describeRule(athenaWorkgroupEncryption, {
  good: {
    KMS: workgroup({
      configuration: { resultConfiguration: { encryptionConfiguration: { encryptionOption: "SSE_KMS" } } },
    }),
    "results that Athena keeps": workgroup({
      configuration: { managedQueryResultsConfiguration: { enabled: true } },
    }),
  },
  bad: { nothing: workgroup({}) },
  partial: {
    "a key without the option": workgroup({
      configuration: { resultConfiguration: { encryptionConfiguration: { kmsKeyArn: "key" } } },
    }),
  },
  wrongType: {
    "a switch": workgroup({
      configuration: { resultConfiguration: { encryptionConfiguration: { encryptionOption: true } } },
    }),
  },
  unknown: {
    option: workgroup({
      configuration: { resultConfiguration: { encryptionConfiguration: { encryptionOption: UNKNOWN } } },
    }),
  },
});
