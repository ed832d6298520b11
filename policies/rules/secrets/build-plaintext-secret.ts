import { type Variable, variableList, variableMap } from "../../model/aws-containers";
import { credentialAt, credentialIn } from "../../model/credentials";
import type { Field } from "../../model/field";
import { documentOf } from "../../model/iam-statements";
import { eachRule, type Problem } from "../../model/input-rule";
import { asText } from "../../model/scalars";

/** What a build is told: variables, and scripts that stand in the project itself. */
interface Told {
  /** @throws UnknownRead */
  readonly variables: (fields: Field) => Variable[];
  readonly scripts: readonly (readonly string[])[];
}

const TOLD: Readonly<Record<string, Told>> = {
  "aws:codebuild/project:Project": {
    variables: (fields) => variableList(fields.get("environment", "environmentVariables")),
    scripts: [
      ["source", "buildspec"],
      ["secondarySources", "*", "buildspec"],
    ],
  },
  "aws:codepipeline/pipeline:Pipeline": {
    variables: (fields) => [
      // An action of CodeBuild takes its variables as JSON.
      ...fields
        .all(["stages", "*", "actions", "*", "configuration", "EnvironmentVariables"])
        .flatMap((text) => variableList(documentOf(text))),
      ...fields
        .get("variables")
        .items()
        .map((variable) => ({ name: variable.get("name"), value: variable.get("defaultValue") })),
    ],
    scripts: [["stages", "*", "actions", "*", "commands", "*"]],
  },
  "aws:amplify/app:App": {
    variables: (fields) => [
      ...variableMap(fields.get("environmentVariables")),
      ...variableMap(fields.get("autoBranchCreationConfig", "environmentVariables")),
    ],
    scripts: [["buildSpec"]],
  },
  "aws:amplify/branch:Branch": {
    variables: (fields) => variableMap(fields.get("environmentVariables")),
    scripts: [],
  },
};

/** @throws UnknownRead */
function inVariable({ name, value, kind }: Variable): Problem {
  // Of any other kind the value is the name of a secret or of a parameter.
  if (kind?.exists() && kind.string() !== "PLAINTEXT") return undefined;
  const key = name.string() ?? "";
  const found = credentialAt(key, asText(value));
  return found && `must not hold ${found} (variable \`${key}\`).`;
}

/** @throws UnknownRead */
function inScript(script: Field): Problem {
  const found = credentialIn(script.string() ?? "");
  return found && `must not hold ${found} in \`${script.path}\`.`;
}

export const buildPlaintextSecret = eachRule<() => Problem>(
  {
    id: "build-plaintext-secret",
    title: "No credentials in the variables and scripts of builds",
    severity: "critical",
    description:
      "A build's plain variables are shown to everyone who may look at the project, and are printed by any build that lists its environment.",
    remediation:
      'environmentVariables: [{ name: "REGISTRY_TOKEN", type: "SECRETS_MANAGER", value: "registry:token" }]',
    types: Object.keys(TOLD),
    controls: [],
  },
  (fields, { type }) => {
    const { variables, scripts } = TOLD[type]!;
    return [
      ...scripts.flatMap((path) => fields.all(path)).map((script) => () => inScript(script)),
      ...variables(fields).map((variable) => () => inVariable(variable)),
    ];
  },
  (problem) => problem(),
);
