import { UNKNOWN } from "../../../../policies/testing";
import { ecrLifecycle } from "../../../../policies/rules/supply-chain/ecr-lifecycle";
import { describeRule } from "../../support/describe-rule";
import { type Edit, drop, set } from "../../support/edits";

const unknownRepository: Edit = (world) => {
  const policy = world["lifecycle"]!;
  const urn = "urn:pulumi:test::test::aws:ecr/repository:Repository::repository";
  world["lifecycle"] = {
    ...policy,
    props: { ...policy.props, repository: UNKNOWN },
    dependencies: { repository: [urn] },
  };
};

describeRule(ecrLifecycle, {
  good: { "of a repository that is not there yet": unknownRepository },
  bad: { none: drop("lifecycle") },
  partial: { "of another": set("lifecycle", "repository", "other") },
  wrongType: { number: set("lifecycle", "repository", 7) },
  unknown: {
    "whose it is": set("lifecycle", "repository", UNKNOWN),
    name: set("repository", "name", UNKNOWN),
  },
});
