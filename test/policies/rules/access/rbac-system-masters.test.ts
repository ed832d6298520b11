import { UNKNOWN } from "../../../../policies/testing";
import { rbacSystemMasters } from "../../../../policies/rules/access/rbac-system-masters";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const subjects = (...names: unknown[]) =>
  set(
    "binding",
    "subjects",
    names.map((name) => ({ kind: "Group", name })),
  );

describeRule(rbacSystemMasters, {
  good: { "a team": subjects("team-operators") },
  bad: { masters: subjects("system:masters") },
  partial: { "beside a team": subjects("team-operators", "system:masters") },
  notJudged: { number: subjects(1) },
  unknown: { name: subjects(UNKNOWN) },
});
