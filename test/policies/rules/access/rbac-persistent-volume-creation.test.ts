import { UNKNOWN } from "../../../../policies/testing";
import { rbacPersistentVolumeCreation } from "../../../../policies/rules/access/rbac-persistent-volume-creation";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const rule = (resources: unknown, verbs: unknown) =>
  set("role", "rules", [{ apiGroups: [""], resources, verbs }]);

describeRule(rbacPersistentVolumeCreation, {
  good: {
    claims: rule(["persistentvolumeclaims"], ["create"]),
    reading: rule(["persistentvolumes"], ["get"]),
  },
  bad: { volumes: rule(["persistentvolumes"], ["create"]) },
  partial: { "among others": rule(["persistentvolumeclaims", "persistentvolumes"], ["get", "create"]) },
  notJudged: { text: rule("persistentvolumes", ["create"]) },
  unknown: { verb: rule(["persistentvolumes"], UNKNOWN) },
});
