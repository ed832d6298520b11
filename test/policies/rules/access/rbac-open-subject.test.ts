import { UNKNOWN } from "../../../../policies/testing";
import { rbacOpenSubject } from "../../../../policies/rules/access/rbac-open-subject";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

describeRule(rbacOpenSubject, {
  good: { "a group of people": set("binding", "subjects", [{ kind: "Group", name: "operators" }]) },
  bad: {
    everybody: set("binding", "subjects", [{ kind: "Group", name: "system:unauthenticated" }]),
    anonymous: set("binding", "subjects", [{ kind: "User", name: "system:anonymous" }]),
  },
  partial: { "one of two": set("binding", "subjects.1", { kind: "Group", name: "system:authenticated" }) },
  notJudged: { text: set("binding", "subjects", "system:anonymous") },
  unknown: { name: set("binding", "subjects.0.name", UNKNOWN) },
});
