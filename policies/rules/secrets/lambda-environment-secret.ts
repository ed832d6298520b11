import { credentialAt } from "../../model/credentials";
import type { Field } from "../../model/field";
import { eachRule } from "../../model/input-rule";
import { asText } from "../../model/scalars";

export const lambdaEnvironmentSecret = eachRule<readonly [string, Field]>(
  {
    id: "lambda-environment-secret",
    title: "No credentials in a function's variables",
    severity: "critical",
    description:
      "Variables are shown to everyone who may look at the function, and stand in its every version.",
    remediation:
      "// The function reads it at start, with its role.\nenvironment: { variables: { DB_SECRET_ARN: secret.arn } }",
    types: ["aws:lambda/function:Function"],
    controls: [],
  },
  (fields) => fields.get("environment", "variables").entries(),
  ([key, value]) => {
    const found = credentialAt(key, asText(value));
    return found && `must not hold ${found} (variable \`${key}\`).`;
  },
);
