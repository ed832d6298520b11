import { UNKNOWN } from "../../../../policies/testing";
import { eksAuthenticationMode } from "../../../../policies/rules/iam/eks-authentication-mode";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(eksAuthenticationMode, {
  good: {
    "access entries only": set("cluster", "accessConfig", {
      authenticationMode: "API",
      bootstrapClusterCreatorAdminPermissions: false,
    }),
  },
  bad: {
    "the ConfigMap": set("cluster", "accessConfig.authenticationMode", "CONFIG_MAP"),
    "as EKS makes it": remove("cluster", "accessConfig.authenticationMode"),
  },
  partial: { both: set("cluster", "accessConfig.authenticationMode", "API_AND_CONFIG_MAP") },
  wrongType: { list: set("cluster", "accessConfig.authenticationMode", ["API"]) },
  unknown: { mode: set("cluster", "accessConfig.authenticationMode", UNKNOWN) },
});
