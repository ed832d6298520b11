import { emrEncryption } from "../../../../policies/rules/encryption/emr-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const configuration = (value: unknown) =>
  put("configuration", "aws:emr/securityConfiguration:SecurityConfiguration", {
    name: "a",
    configuration: value,
  });
const encryption = (more: Record<string, unknown>) => JSON.stringify({ EncryptionConfiguration: more });
const BOTH = { EnableAtRestEncryption: true, EnableInTransitEncryption: true };

describeRule(emrEncryption, {
  good: { both: configuration(encryption(BOTH)) },
  bad: { none: configuration("{}"), "no text of JSON": configuration("none") },
  partial: { "in transit only": configuration(encryption({ ...BOTH, EnableAtRestEncryption: false })) },
  wrongType: { "a text": configuration(encryption({ ...BOTH, EnableAtRestEncryption: "true" })) },
  unknown: { it: configuration(UNKNOWN) },
});
