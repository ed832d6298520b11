import { UNKNOWN } from "../../../../policies/testing";
import { eksPrivateEndpoint } from "../../../../policies/rules/network/eks-private-endpoint";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(eksPrivateEndpoint, {
  good: {
    "beside nothing else": set("cluster", "vpcConfig", {
      endpointPrivateAccess: true,
      endpointPublicAccess: false,
    }),
  },
  bad: {
    off: set("cluster", "vpcConfig.endpointPrivateAccess", false),
    unsaid: remove("cluster", "vpcConfig.endpointPrivateAccess"),
  },
  partial: { none: "one switch, which is on or off" },
  wrongType: { text: set("cluster", "vpcConfig.endpointPrivateAccess", "true") },
  unknown: { switch: set("cluster", "vpcConfig.endpointPrivateAccess", UNKNOWN) },
});
