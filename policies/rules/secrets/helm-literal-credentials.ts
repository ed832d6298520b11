import type { Field } from "../../model/field";
import { literalCredential } from "../../model/helm-credentials";
import { HELM_TYPES } from "../../model/helm";
import { eachRule } from "../../model/input-rule";

interface Value {
  readonly path: string;
  readonly field: Field;
}

/** Every text below. One that is not known comes from another resource, or is a secret. */
function textsBelow(field: Field, path: string): Value[] {
  if (field.isUnknown) return [];
  if (field.string() !== undefined) return [{ path, field }];
  const children: [string, Field][] = [
    ...field.entries(),
    ...field.items().map((item, i): [string, Field] => [String(i), item]),
  ];
  return children.flatMap(([key, child]) => textsBelow(child, path === "" ? key : `${path}.${key}`));
}

export const helmLiteralCredentials = eachRule<Value>(
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
    return values.exists() ? textsBelow(values, "") : [];
  },
  ({ path, field }) => {
    const found = literalCredential(path, field.string() ?? "");
    return found && `must not have ${found} in \`values.${path}\`.`;
  },
);
