import { eachRule } from "../../model/input-rule";

export const gatekeeperRepositoryPrefix = eachRule<string>(
  {
    id: "gatekeeper-repository-prefix",
    title: "Allowed repositories end where their name ends",
    severity: "high",
    description:
      "Gatekeeper compares beginnings: `registry.example` also allows `registry.example.evil.com/…`, which anybody may register.",
    remediation: 'parameters: { repos: ["registry.example/"] }',
    types: ["kubernetes:constraints.gatekeeper.sh/*:K8sAllowedRepos"],
    controls: [],
  },
  (fields) => fields.get("spec", "parameters", "repos").strings(),
  (prefix) => (prefix.includes("/") ? undefined : `must end the allowed prefix \`${prefix}\` by a slash.`),
);
