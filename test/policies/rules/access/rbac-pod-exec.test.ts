import { UNKNOWN } from "../../../../policies/testing";
import { rbacPodExec } from "../../../../policies/rules/access/rbac-pod-exec";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const rule = (resources: unknown, verbs: unknown = ["create"]) =>
  set("role", "rules", [{ apiGroups: [""], resources, verbs }]);

describeRule(rbacPodExec, {
  good: { logs: rule(["pods/log"], ["get"]) },
  bad: {
    exec: rule(["pods/exec"]),
    attach: rule(["pods/attach"]),
    "by a websocket's get": rule(["pods/exec"], ["get"]),
  },
  partial: { "among others": rule(["pods/log", "pods/ephemeralcontainers"], ["patch"]) },
  notJudged: { text: rule("pods/exec") },
  unknown: { resource: rule([UNKNOWN]), verbs: rule(["pods/exec"], UNKNOWN) },
});
