import { cisEks } from "../../model/controls";
import { awsControls } from "../../model/aws-controls";
import { isInternet } from "../../model/cidr";
import { inputRule } from "../../model/input-rule";

export const eksPublicEndpoint = inputRule(
  {
    id: "eks-public-endpoint",
    title: "The EKS API server is not open to the whole internet",
    severity: "high",
    description:
      "Unless it is told otherwise EKS makes the API server reachable from anywhere; one leaked token or flaw then opens the cluster.",
    remediation:
      'vpcConfig: { subnetIds, endpointPrivateAccess: true, endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.0/24"] }',
    types: ["aws:eks/cluster:Cluster"],
    controls: [
      ...awsControls("eks_cluster_not_publicly_accessible"),
      cisEks("5.4.1", "Restrict Access to the Control Plane Endpoint"),
    ],
  },
  (fields) => {
    const vpc = fields.get("vpcConfig");
    if (vpc.get("endpointPublicAccess").value() === false) return undefined;
    const ranges = vpc.get("publicAccessCidrs").strings();
    if (ranges.length > 0 && !ranges.some(isInternet)) return undefined;
    return "must not have an API server that the whole internet reaches: set `vpcConfig.endpointPublicAccess: false`, or name the sources in `vpcConfig.publicAccessCidrs`.";
  },
);
