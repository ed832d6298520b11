import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";
import { hasText } from "../../model/scalars";

export const kmsKeyRotation = inputRule(
  {
    id: "kms-key-rotation",
    title: "KMS keys are rotated",
    severity: "medium",
    description:
      "A key that is never rotated has encrypted everything since the day it was made, and so has whoever copied it.",
    remediation: "new aws.kms.Key(name, { enableKeyRotation: true })",
    types: ["aws:kms/key:Key"],
    controls: awsControls("kms_cmk_rotation_enabled"),
  },
  (key) => {
    if (isOn(key.get("enableKeyRotation"))) return undefined;
    // AWS rotates symmetric encryption keys whose material it made; the others it cannot.
    const spec = key.get("customerMasterKeySpec").string() ?? "SYMMETRIC_DEFAULT";
    const usage = key.get("keyUsage").string() ?? "ENCRYPT_DECRYPT";
    const rotatable =
      spec === "SYMMETRIC_DEFAULT" && usage === "ENCRYPT_DECRYPT" && !hasText(key.get("customKeyStoreId"));
    return rotatable ? "must set `enableKeyRotation: true`." : undefined;
  },
);
