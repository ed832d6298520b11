import { inputRule } from "../../model/input-rule";

export const sagemakerContainerNetwork = inputRule(
  {
    id: "sagemaker-container-network",
    title: "Containers of models and training are isolated or in the VPC",
    severity: "medium",
    description:
      "Elsewhere a container, and whoever gets code into it by way of a model, reaches any address of the internet.",
    remediation: "enableNetworkIsolation: true // or vpcConfig: { subnets, securityGroupIds }",
    types: ["aws:sagemaker/model:Model", "aws:sagemaker/trainingJob:TrainingJob"],
    controls: [],
  },
  (fields) =>
    fields.get("enableNetworkIsolation").isTrue() || fields.get("vpcConfig").exists()
      ? undefined
      : "must set `enableNetworkIsolation`, or give a `vpcConfig`.",
);
