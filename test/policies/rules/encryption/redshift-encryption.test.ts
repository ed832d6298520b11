import { redshiftEncryption } from "../../../../policies/rules/encryption/redshift-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const cluster = (more: Record<string, unknown>) =>
  put("cluster", "aws:redshift/cluster:Cluster", {
    publiclyAccessible: false,
    clusterSubnetGroupName: "private",
    enhancedVpcRouting: true,
    automatedSnapshotRetentionPeriod: 7,
    ...more,
  });

describeRule(redshiftEncryption, {
  good: { on: cluster({ encrypted: "true" }), "by default": cluster({}) },
  bad: { off: cluster({ encrypted: "false" }) },
  partial: {
    "a key, but off": cluster({
      encrypted: "false",
      kmsKeyId: "arn:aws:kms:eu-central-1:111122223333:key/a",
    }),
  },
  wrongType: { "a number": cluster({ encrypted: 0 }) },
  unknown: { switch: cluster({ encrypted: UNKNOWN }) },
});
