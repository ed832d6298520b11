import { gatekeeperRepositoryPrefix } from "../../../../policies/rules/supply-chain/gatekeeper-repository-prefix";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const repos = (...list: unknown[]) =>
  put("repos", "kubernetes:constraints.gatekeeper.sh/v1beta1:K8sAllowedRepos", {
    metadata: { name: "repos" },
    spec: { parameters: { repos: list } },
  });

describeRule(gatekeeperRepositoryPrefix, {
  good: { "with a slash": repos("registry.example/"), "of a team": repos("registry.example/team") },
  bad: { open: repos("registry.example") },
  partial: { "one of two": repos("registry.example/", "docker.io") },
  notJudged: {
    numbers: repos(7),
    "a text instead of a list, which lets no image in": put(
      "repos",
      "kubernetes:constraints.gatekeeper.sh/v1beta1:K8sAllowedRepos",
      { metadata: { name: "repos" }, spec: { parameters: { repos: "docker.io" } } },
    ),
  },
  unknown: { prefix: repos(UNKNOWN) },
});
