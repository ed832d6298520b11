import { buildPlaintextSecret } from "../../../../policies/rules/secrets/build-plaintext-secret";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const project = (environmentVariables: unknown, source: object = {}) =>
  put("project", "aws:codebuild/project:Project", {
    name: "build",
    environment: { image: "aws/codebuild/standard:7.0", environmentVariables },
    source,
  });
const pipeline = (action: object, more: object = {}) =>
  put("pipeline", "aws:codepipeline/pipeline:Pipeline", { stages: [{ actions: [action] }], ...more });
const app = (props: Record<string, unknown>) => put("app", "aws:amplify/app:App", props);

const TOKEN = { name: "REGISTRY_TOKEN", value: "0123456789abcdef" };
const LEVEL = { name: "LEVEL", value: "info", type: "PLAINTEXT" };

describeRule(buildPlaintextSecret, {
  good: {
    "of a secret": project([
      LEVEL,
      { name: "REGISTRY_TOKEN", value: "registry:token", type: "SECRETS_MANAGER" },
      { name: "NPM_TOKEN", value: "npm-token", type: "PARAMETER_STORE" },
    ]),
    "a script that reads it": project([], {
      buildspec: "env:\n  secrets-manager:\n    TOKEN: registry:token\n",
    }),
    "a pipeline": pipeline({ configuration: { ProjectName: "build" }, commands: ["npm ci"] }),
    "an app": app({ environmentVariables: { STAGE: "prod" } }),
  },
  bad: {
    "plain, by its type": project([{ ...TOKEN, type: "PLAINTEXT" }]),
    "plain, which is the default": project([TOKEN]),
    "known by its text": project([{ name: "WHATEVER", value: "dckr_pat_0123456789abcdefghijklmnopq" }]),
    "in the script": project([], { buildspec: "- docker login -p dckr_pat_0123456789abcdefghijklmnopq" }),
    "in a pipeline's action": pipeline({ configuration: { EnvironmentVariables: JSON.stringify([TOKEN]) } }),
    "in a pipeline's command": pipeline({ commands: ["git clone https://ci:hunter2@git.example/a.git"] }),
    "a pipeline's variable": pipeline({}, { variables: [{ name: "API_KEY", defaultValue: "0123abcd" }] }),
    "an app's": app({ environmentVariables: { API_TOKEN: "0123456789abcdef" } }),
    "for branches to come": app({
      autoBranchCreationConfig: { environmentVariables: { API_TOKEN: "0123456789abcdef" } },
    }),
    "a branch's": put("branch", "aws:amplify/branch:Branch", {
      environmentVariables: { API_TOKEN: "0123456789abcdef" },
    }),
  },
  partial: { "one of two": project([LEVEL, TOKEN]) },
  wrongType: { "a number, which AWS takes as a text": project([{ name: "DB_PASSWORD", value: 12345678 }]) },
  notJudged: { "variables are an object": project({ DB_PASSWORD: "hunter2" }) },
  unknown: {
    variables: project(UNKNOWN),
    value: project([{ name: "REGISTRY_TOKEN", value: UNKNOWN }]),
    kind: project([{ ...TOKEN, type: UNKNOWN }]),
  },
});
