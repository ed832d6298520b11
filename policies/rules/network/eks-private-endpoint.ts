import { cisEks } from "../../model/controls";
import { inputRule } from "../../model/input-rule";

export const eksPrivateEndpoint = inputRule(
  {
    id: "eks-private-endpoint",
    title: "Nodes reach the EKS API server inside the network",
    severity: "medium",
    description:
      "Without the private endpoint nodes leave the VPC for the API server, so it has to stay public and egress open.",
    remediation: "vpcConfig: { subnetIds, endpointPrivateAccess: true, endpointPublicAccess: false }",
    types: ["aws:eks/cluster:Cluster"],
    controls: [
      cisEks("5.4.2", "Ensure clusters are created with Private Endpoint Enabled and Public Access Disabled"),
    ],
  },
  (fields) =>
    fields.get("vpcConfig", "endpointPrivateAccess").isTrue()
      ? undefined
      : "must set `vpcConfig.endpointPrivateAccess: true`.",
);
