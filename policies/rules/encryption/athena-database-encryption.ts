import { inputRule } from "../../model/input-rule";

export const athenaDatabaseEncryption = inputRule(
  {
    id: "athena-database-encryption",
    title: "Results of Athena's databases are encrypted",
    severity: "medium",
    description:
      "Results of queries lie in the bucket as the program says; without a setting they are as plain as the bucket is.",
    remediation: 'encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKey: key.arn }',
    types: ["aws:athena/database:Database"],
    controls: [],
  },
  (fields) =>
    fields.get("encryptionConfiguration", "encryptionOption").string() === undefined
      ? "must set `encryptionConfiguration.encryptionOption`."
      : undefined,
);
