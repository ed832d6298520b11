import { UNKNOWN } from "../../../../policies/testing";
import { eksPublicEndpoint } from "../../../../policies/rules/network/eks-public-endpoint";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const vpc = { endpointPrivateAccess: true, subnetIds: ["subnet-1"] };

describeRule(eksPublicEndpoint, {
  good: {
    "named sources": set("cluster", "vpcConfig", {
      ...vpc,
      endpointPublicAccess: true,
      publicAccessCidrs: ["203.0.113.0/24"],
    }),
  },
  bad: {
    "as EKS makes it": set("cluster", "vpcConfig", vpc),
    "on, without sources": set("cluster", "vpcConfig", { ...vpc, endpointPublicAccess: true }),
    everyone: set("cluster", "vpcConfig", {
      ...vpc,
      endpointPublicAccess: true,
      publicAccessCidrs: ["0.0.0.0/0"],
    }),
  },
  partial: {
    "everyone among them": set("cluster", "vpcConfig", {
      ...vpc,
      endpointPublicAccess: true,
      publicAccessCidrs: ["203.0.113.0/24", "0.0.0.0/0"],
    }),
    "in two halves": set("cluster", "vpcConfig", {
      ...vpc,
      endpointPublicAccess: true,
      publicAccessCidrs: ["0.0.0.0/1", "128.0.0.0/1"],
    }),
  },
  wrongType: { text: set("cluster", "vpcConfig", { ...vpc, endpointPublicAccess: "false" }) },
  unknown: {
    switch: set("cluster", "vpcConfig.endpointPublicAccess", UNKNOWN),
    ranges: set("cluster", "vpcConfig", { ...vpc, endpointPublicAccess: true, publicAccessCidrs: UNKNOWN }),
  },
});
