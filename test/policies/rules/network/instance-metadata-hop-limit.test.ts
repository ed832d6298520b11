import { UNKNOWN } from "../../../../policies/testing";
import { instanceMetadataHopLimit } from "../../../../policies/rules/network/instance-metadata-hop-limit";
import { awsWorld } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

const CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass";

describeRule(instanceMetadataHopLimit, {
  good: { unsaid: set("launchTemplate", "metadataOptions", { httpTokens: "required" }) },
  bad: {
    template: set("launchTemplate", "metadataOptions.httpPutResponseHopLimit", 2),
    "a node class": put("nodes", CLASS, {
      metadata: { name: "gpu" },
      spec: { metadataOptions: { httpPutResponseHopLimit: 64 } },
    }),
  },
  partial: {
    "beside tokens that are required": set("launchTemplate", "metadataOptions", {
      httpTokens: "required",
      httpPutResponseHopLimit: 2,
    }),
  },
  wrongType: { text: set("launchTemplate", "metadataOptions.httpPutResponseHopLimit", "two") },
  unknown: { limit: set("launchTemplate", "metadataOptions.httpPutResponseHopLimit", UNKNOWN) },
  world: awsWorld,
});
