import { mskBrokerEncryption } from "../../../../policies/rules/encryption/msk-broker-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const logged = {
  clientAuthentication: { sasl: { iam: true } },
  loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: "kafka" } } },
};
const kafka = (more: Record<string, unknown>) =>
  put("kafka", "aws:msk/cluster:Cluster", { ...logged, ...more });

describeRule(mskBrokerEncryption, {
  good: {
    on: kafka({
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/k",
        encryptionInTransit: { inCluster: true },
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
    off: kafka({
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/k",
        encryptionInTransit: { inCluster: false },
      },
    }),
  },
  partial: {
    "off with TLS for clients": kafka({
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/k",
        encryptionInTransit: { clientBroker: "TLS", inCluster: false },
      },
    }),
  },
  wrongType: {
    "a word": kafka({
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/k",
        encryptionInTransit: { inCluster: "no" },
      },
    }),
  },
  unknown: {
    switch: kafka({
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/k",
        encryptionInTransit: { inCluster: UNKNOWN },
      },
    }),
  },
});
