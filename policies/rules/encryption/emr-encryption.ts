import { documentOf } from "../../model/iam-statements";
import { inputRule } from "../../model/input-rule";

const SWITCHES = ["EnableAtRestEncryption", "EnableInTransitEncryption"];

export const emrEncryption = inputRule(
  {
    id: "emr-encryption",
    title: "Clusters of EMR encrypt what they keep and send",
    severity: "medium",
    description:
      "A security configuration without both leaves disks, buckets and the traffic between nodes in plain text.",
    remediation:
      "configuration: JSON.stringify({ EncryptionConfiguration: { EnableAtRestEncryption: true, EnableInTransitEncryption: true, … } })",
    types: ["aws:emr/securityConfiguration:SecurityConfiguration"],
    controls: [],
  },
  (fields) => {
    const encryption = documentOf(fields.get("configuration")).get("EncryptionConfiguration");
    const off = SWITCHES.filter((name) => !encryption.get(name).isTrue());
    return off.length === 0 ? undefined : `must set ${off.map((name) => `\`${name}: true\``).join(" and ")}.`;
  },
);
