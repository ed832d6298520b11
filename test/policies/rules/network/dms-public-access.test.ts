import { UNKNOWN } from "../../../../policies/testing";
import { dmsPublicAccess } from "../../../../policies/rules/network/dms-public-access";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const TYPE = "aws:dms/replicationInstance:ReplicationInstance";

describeRule(dmsPublicAccess, {
  good: {
    off: put("replication", TYPE, {
      publiclyAccessible: false,
      kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/1",
    }),
  },
  bad: {
    on: put("replication", TYPE, {
      publiclyAccessible: true,
      kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/1",
    }),
  },
  partial: { none: "one switch, which is on or off" },
  wrongType: { text: put("replication", TYPE, { publiclyAccessible: "no" }) },
  unknown: { switch: put("replication", TYPE, { publiclyAccessible: UNKNOWN }) },
});
