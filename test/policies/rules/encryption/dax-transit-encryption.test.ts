import { daxTransitEncryption } from "../../../../policies/rules/encryption/dax-transit-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const cluster = (more: Record<string, unknown>) =>
  put("cluster", "aws:dax/cluster:Cluster", { serverSideEncryption: { enabled: true }, ...more });

describeRule(daxTransitEncryption, {
  good: { TLS: cluster({ clusterEndpointEncryptionType: "TLS" }) },
  bad: { default: cluster({}), none: cluster({ clusterEndpointEncryptionType: "NONE" }) },
  partial: { "an empty text": cluster({ clusterEndpointEncryptionType: "" }) },
  wrongType: { "a switch": cluster({ clusterEndpointEncryptionType: true }) },
  unknown: { mode: cluster({ clusterEndpointEncryptionType: UNKNOWN }) },
});
