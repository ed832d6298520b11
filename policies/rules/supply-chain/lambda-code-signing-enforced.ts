import { inputRule } from "../../model/input-rule";

export const lambdaCodeSigningEnforced = inputRule(
  {
    id: "lambda-code-signing-enforced",
    title: "Functions' code signing refuses what is not signed",
    severity: "high",
    description:
      "A code signing configuration that only warns, as it does unless told otherwise, deploys a package of anyone's.",
    remediation: 'policies: { untrustedArtifactOnDeployment: "Enforce" }',
    types: ["aws:lambda/codeSigningConfig:CodeSigningConfig"],
    controls: [],
  },
  (fields) =>
    fields.get("policies", "untrustedArtifactOnDeployment").string() === "Enforce"
      ? undefined
      : 'must set `policies.untrustedArtifactOnDeployment` to "Enforce".',
);
