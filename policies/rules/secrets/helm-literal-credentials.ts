import type { Field } from "../../model/field";
import { literalCredential } from "../../model/helm-credentials";
import { HELM_TYPES } from "../../model/helm";
import { eachRule } from "../../model/input-rule";
import { type Leaf, leavesBelow } from "../../model/leaves";

/** Every text below. One that is not known comes from another resource, or is a secret. */
function textsBelow(values: Field): Leaf[] {
  return leavesBelow(values).filter(({ field }) => !field.isUnknown && field.string() !== undefined);
}

export const helmLiteralCredentials = eachRule<Leaf>(
  {
    id: "helm-literal-credentials",
    title: "No passwords and keys as literals in Helm values",
    severity: "high",
    description:
      "A literal stands in the program, in Pulumi's state and in every release of the chart as plain text, and changes with a deployment only. A Pulumi secret (`config.requireSecret`, a generated password) is no literal, and is let be.",
    remediation: 'values: { admin: { existingSecret: secret.metadata.name, passwordKey: "password" } }',
    types: HELM_TYPES,
    controls: [],
    hidesSecrets: true,
  },
  (fields) => {
    const values = fields.get("values");
    return values.exists() ? textsBelow(values) : [];
  },
  ({ path, field }) => {
    const found = literalCredential(path, field.string() ?? "");
    return found && `must not have ${found} in \`values.${path}\`.`;
  },
);
