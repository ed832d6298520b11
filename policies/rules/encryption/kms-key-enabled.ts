import { inputRule } from "../../model/input-rule";
import { saysOff } from "../../model/scalars";

export const kmsKeyEnabled = inputRule(
  {
    id: "kms-key-enabled",
    title: "Keys are not disabled",
    severity: "medium",
    description:
      "What is encrypted under a disabled key can be read by nobody, and what needs the key stops.",
    remediation: "isEnabled: true // or leave it out",
    types: ["aws:kms/key:Key"],
    controls: [],
  },
  (key) => (saysOff(key.get("isEnabled")) ? "must not set `isEnabled: false`." : undefined),
);
