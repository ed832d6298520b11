import { UNKNOWN } from "../../../../policies/testing";
import { rbacNodeProxy } from "../../../../policies/rules/access/rbac-node-proxy";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const rule = (resources: unknown) => set("role", "rules", [{ apiGroups: [""], resources, verbs: ["get"] }]);

describeRule(rbacNodeProxy, {
  good: { metrics: rule(["nodes/metrics"]) },
  bad: { proxy: rule(["nodes/proxy"]) },
  partial: { "among others": rule(["nodes/metrics", "nodes/proxy"]) },
  notJudged: { text: rule("nodes/proxy") },
  unknown: { resource: rule([UNKNOWN]) },
});
