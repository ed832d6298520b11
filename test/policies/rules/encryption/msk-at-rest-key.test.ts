import { mskAtRestKey } from "../../../../policies/rules/encryption/msk-at-rest-key";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const logged = {
  clientAuthentication: { sasl: { iam: true } },
  loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: "kafka" } } },
};
const kafka = (more: Record<string, unknown>) =>
  put("kafka", "aws:msk/cluster:Cluster", { ...logged, ...more });

describeRule(mskAtRestKey, {
  good: {
    "a key": kafka({
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/k",
        encryptionInTransit: {},
      },
    }),
  },
  bad: { nothing: kafka({}) },
  partial: { "in transit only": kafka({ encryptionInfo: { encryptionInTransit: { clientBroker: "TLS" } } }) },
  wrongType: { "a switch": kafka({ encryptionInfo: { encryptionAtRestKmsKeyArn: true } }) },
  unknown: {
    "all of it": kafka({ encryptionInfo: UNKNOWN }),
    key: kafka({ encryptionInfo: { encryptionAtRestKmsKeyArn: UNKNOWN } }),
  },
});
