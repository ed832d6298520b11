import { mskClientEncryption } from "../../../../policies/rules/encryption/msk-client-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const logged = {
  clientAuthentication: { sasl: { iam: true } },
  loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: "kafka" } } },
};
const kafka = (more: Record<string, unknown>) =>
  put("kafka", "aws:msk/cluster:Cluster", { ...logged, ...more });

describeRule(mskClientEncryption, {
  good: {
    TLS: kafka({
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/k",
        encryptionInTransit: { clientBroker: "TLS" },
      },
    }),
    "by default": kafka({
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/k",
        encryptionInTransit: {},
      },
    }),
  },
  bad: {
    "plain text": kafka({
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/k",
        encryptionInTransit: { clientBroker: "PLAINTEXT" },
      },
    }),
  },
  partial: {
    "as a choice": kafka({
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/k",
        encryptionInTransit: { clientBroker: "TLS_PLAINTEXT" },
      },
    }),
  },
  wrongType: {
    "a switch": kafka({
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/k",
        encryptionInTransit: { clientBroker: true },
      },
    }),
  },
  unknown: {
    mode: kafka({
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/k",
        encryptionInTransit: { clientBroker: UNKNOWN },
      },
    }),
  },
});
