import { redshiftSubnetGroup } from "../../../../policies/rules/network/redshift-subnet-group";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const cluster = (more: Record<string, unknown>) =>
  put("warehouse", "aws:redshift/cluster:Cluster", {
    clusterIdentifier: "a",
    nodeType: "ra3.xlplus",
    encrypted: true,
    kmsKeyId: "arn:aws:kms:eu-central-1:111122223333:key/a",
    publiclyAccessible: false,
    ...more,
  });

describeRule(redshiftSubnetGroup, {
  good: { chosen: cluster({ clusterSubnetGroupName: "private" }) },
  bad: { none: cluster({}) },
  partial: { "an empty name": cluster({ clusterSubnetGroupName: "" }) },
  wrongType: { "a list": cluster({ clusterSubnetGroupName: ["private"] }) },
  unknown: { name: cluster({ clusterSubnetGroupName: UNKNOWN }) },
});
