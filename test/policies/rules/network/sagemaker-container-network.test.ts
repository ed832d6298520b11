import { sagemakerContainerNetwork } from "../../../../policies/rules/network/sagemaker-container-network";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const model = (props: Record<string, unknown>) => put("model", "aws:sagemaker/model:Model", props);
const vpcConfig = { subnets: ["subnet-1"], securityGroupIds: ["sg-1"] };

describeRule(sagemakerContainerNetwork, {
  good: { isolated: model({ enableNetworkIsolation: true }), "in the VPC": model({ vpcConfig }) },
  bad: {
    neither: model({}),
    "a training": put("training", "aws:sagemaker/trainingJob:TrainingJob", {}),
  },
  partial: { "isolation off": model({ enableNetworkIsolation: false }) },
  wrongType: { "a text": model({ enableNetworkIsolation: "yes" }) },
  unknown: {
    isolation: model({ enableNetworkIsolation: UNKNOWN }),
    network: model({ vpcConfig: UNKNOWN }),
  },
});
