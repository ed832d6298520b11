import { snapshotEncryption } from "../../../../policies/rules/encryption/snapshot-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const snapshot = (kind: string, props: Record<string, unknown>) =>
  put("snapshot", `aws:ebs/${kind[0]?.toLowerCase()}${kind.slice(1)}:${kind}`, {
    sourceRegion: "eu-central-1",
    ...props,
  });

describeRule(snapshotEncryption, {
  good: {
    "a copy": snapshot("SnapshotCopy", { encrypted: true }),
    "an import": snapshot("SnapshotImport", { encrypted: true }),
  },
  bad: {
    "a copy": snapshot("SnapshotCopy", {}),
    "an import": snapshot("SnapshotImport", { encrypted: false }),
  },
  partial: { "a key without the switch": snapshot("SnapshotCopy", { kmsKeyId: "key" }) },
  wrongType: { "a word": snapshot("SnapshotCopy", { encrypted: "yes" }) },
  unknown: { switch: snapshot("SnapshotCopy", { encrypted: UNKNOWN }) },
});
