import { containerEnvironmentDuplicate } from "../../../../policies/rules/pods/container-environment-duplicate";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { server, set } from "../../support/edits";

const env = (...names: unknown[]) =>
  set(
    "deployment",
    server("env"),
    names.map((name) => ({ name, value: "x" })),
  );

describeRule(containerEnvironmentDuplicate, {
  good: { "two names": env("MODE", "LEVEL"), "names in another case": env("MODE", "mode") },
  bad: { "one name twice": env("MODE", "MODE") },
  partial: { "one of three": env("MODE", "LEVEL", "MODE") },
  notJudged: { "no names": env(1, 1) },
  unknown: { name: env("MODE", UNKNOWN) },
});
