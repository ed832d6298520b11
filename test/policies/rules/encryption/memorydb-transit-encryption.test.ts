import { memorydbTransitEncryption } from "../../../../policies/rules/encryption/memorydb-transit-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const cluster = (more: Record<string, unknown>) =>
  put("cluster", "aws:memorydb/cluster:Cluster", { snapshotRetentionLimit: 7, aclName: "readers", ...more });

describeRule(memorydbTransitEncryption, {
  good: { on: cluster({ tlsEnabled: true }), "by default": cluster({}) },
  bad: { off: cluster({ tlsEnabled: false }) },
  partial: { none: "one switch, which is on or off" },
  wrongType: { "a word": cluster({ tlsEnabled: "no" }) },
  unknown: { switch: cluster({ tlsEnabled: UNKNOWN }) },
});
