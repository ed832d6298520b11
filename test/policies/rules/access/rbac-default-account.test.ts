import { UNKNOWN } from "../../../../policies/testing";
import { rbacDefaultAccount } from "../../../../policies/rules/access/rbac-default-account";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const account = (name: unknown) => ({ kind: "ServiceAccount", name, namespace: "team" });
const subjects = (...list: unknown[]) => set("binding", "subjects", list);

describeRule(rbacDefaultAccount, {
  good: { "a user of that name": subjects({ kind: "User", name: "default" }) },
  bad: { default: subjects(account("default")) },
  partial: { "beside another": subjects(account("text"), account("default")) },
  notJudged: { text: set("binding", "subjects", "default") },
  unknown: { name: subjects(account(UNKNOWN)) },
});
