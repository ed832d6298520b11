import { daxEncryption } from "../../../../policies/rules/encryption/dax-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const cluster = (more: Record<string, unknown>) =>
  put("cluster", "aws:dax/cluster:Cluster", { clusterEndpointEncryptionType: "TLS", ...more });

describeRule(daxEncryption, {
  good: { on: cluster({ serverSideEncryption: { enabled: true } }) },
  bad: { default: cluster({}), off: cluster({ serverSideEncryption: { enabled: false } }) },
  partial: { "no switch": cluster({ serverSideEncryption: {} }) },
  wrongType: { "a word": cluster({ serverSideEncryption: { enabled: "yes" } }) },
  unknown: { switch: cluster({ serverSideEncryption: { enabled: UNKNOWN } }) },
});
