import { UNKNOWN } from "../../../../policies/testing";
import { eksCreatorAdministrator } from "../../../../policies/rules/iam/eks-creator-administrator";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(eksCreatorAdministrator, {
  good: { off: set("cluster", "accessConfig.bootstrapClusterCreatorAdminPermissions", false) },
  bad: {
    on: set("cluster", "accessConfig.bootstrapClusterCreatorAdminPermissions", true),
    "as EKS makes it": remove("cluster", "accessConfig.bootstrapClusterCreatorAdminPermissions"),
  },
  partial: { none: "one switch, which is on or off" },
  wrongType: { text: set("cluster", "accessConfig.bootstrapClusterCreatorAdminPermissions", "false") },
  unknown: { switch: set("cluster", "accessConfig.bootstrapClusterCreatorAdminPermissions", UNKNOWN) },
});
