import { repositoryUrlCredentials } from "../../../../policies/rules/secrets/repository-url-credentials";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const project = (location: unknown, more: object = {}) =>
  put("project", "aws:codebuild/project:Project", { source: { type: "GITHUB", location }, ...more });
const object = (apiVersion: string, kind: string, spec: object) =>
  put("source", `kubernetes:${apiVersion}:${kind}`, {
    apiVersion,
    kind,
    metadata: { name: "source", namespace: "delivery" },
    spec,
  });
const argo = (kind: string, spec: object) => object("argoproj.io/v1alpha1", kind, spec);

const CLEAN = "https://git.example/team/model.git";
const HELD = "https://bot:hunter2@git.example/team/model.git";

describeRule(repositoryUrlCredentials, {
  good: {
    "no user": project(CLEAN),
    "a user alone": project("https://team@dev.azure.com/team/model/_git/model"),
    "over SSH": project("git@git.example:team/model.git"),
    "an application": argo("Application", { source: { repoURL: CLEAN } }),
    "a bucket": project("releases/model.zip"),
  },
  bad: {
    "a password": project(HELD),
    "a token as the password": project(`https://bot:ghp_${"0aB1".repeat(9)}@github.com/team/model.git`),
    "a token as the user": project(`https://${"0a1b".repeat(10)}@git.example/team/model.git`),
    "an app": put("app", "aws:amplify/app:App", { repository: HELD }),
    "a service from code": put("service", "aws:apprunner/service:Service", {
      sourceConfiguration: { codeRepository: { repositoryUrl: HELD } },
    }),
    "a repository of notebooks": put("code", "aws:sagemaker/codeRepository:CodeRepository", {
      gitConfig: { repositoryUrl: HELD },
    }),
    "an application": argo("Application", { source: { repoURL: HELD } }),
    "applications to come": argo("ApplicationSet", {
      template: { spec: { sources: [{ repoURL: CLEAN }, { repoURL: HELD }] } },
    }),
    "a source of Flux": object("source.toolkit.fluxcd.io/v1", "GitRepository", { url: HELD }),
  },
  partial: { "one of two": project(CLEAN, { secondarySources: [{ location: HELD }] }) },
  notJudged: { "a list": project([HELD]) },
  unknown: { it: project(UNKNOWN), others: project(CLEAN, { secondarySources: UNKNOWN }) },
});
