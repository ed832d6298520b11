import { mskConnectorEncryption } from "../../../../policies/rules/encryption/msk-connector-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const connector = (more: Record<string, unknown>) =>
  put("connector", "aws:mskconnect/connector:Connector", { ...more });

describeRule(mskConnectorEncryption, {
  good: { TLS: connector({ kafkaClusterEncryptionInTransit: { encryptionType: "TLS" } }) },
  bad: {
    default: connector({}),
    "plain text": connector({ kafkaClusterEncryptionInTransit: { encryptionType: "PLAINTEXT" } }),
  },
  partial: { "no type": connector({ kafkaClusterEncryptionInTransit: {} }) },
  wrongType: { "a switch": connector({ kafkaClusterEncryptionInTransit: { encryptionType: true } }) },
  unknown: { type: connector({ kafkaClusterEncryptionInTransit: { encryptionType: UNKNOWN } }) },
});
