import { UNKNOWN } from "../../../../policies/testing";
import { rbacSecretsAccess } from "../../../../policies/rules/access/rbac-secrets-access";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

describeRule(rbacSecretsAccess, {
  good: {
    "one by name": set("role", "rules.0", {
      apiGroups: [""],
      resources: ["secrets"],
      resourceNames: ["tls"],
      verbs: ["get"],
    }),
  },
  bad: { all: set("role", "rules.0.resources", ["secrets"]) },
  partial: {
    "beside ConfigMaps, no names": set("role", "rules.0", {
      apiGroups: [""],
      resources: ["configmaps", "secrets"],
      resourceNames: [],
      verbs: ["list"],
    }),
  },
  wrongType: {
    "names are a text": set("role", "rules.0", {
      apiGroups: [""],
      resources: ["secrets"],
      resourceNames: "tls",
      verbs: ["get"],
    }),
  },
  unknown: { resources: set("role", "rules.0.resources", [UNKNOWN]) },
});
