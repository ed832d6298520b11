import { UNKNOWN } from "../../../../policies/testing";
import { instanceMetadataTokens } from "../../../../policies/rules/network/instance-metadata-tokens";
import { example } from "../../support/aws-resources";
import { awsWorld } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

const CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass";
const DEFAULTS = "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults";

describeRule(instanceMetadataTokens, {
  good: {
    "no endpoint": set("launchTemplate", "metadataOptions", { httpEndpoint: "disabled" }),
    "a node class that says nothing": put("nodes", CLASS, { metadata: { name: "gpu" }, spec: {} }),
    "the account's defaults": put("defaults", DEFAULTS, {
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    }),
  },
  bad: {
    "a template without options": set("launchTemplate", "metadataOptions", undefined),
    instance: example("instance", { metadataOptions: { httpTokens: "optional" } }),
    "a launch configuration": example("launchConfiguration", { metadataOptions: undefined }),
    "a node class": put("nodes", CLASS, {
      metadata: { name: "gpu" },
      spec: { metadataOptions: { httpTokens: "optional" } },
    }),
    "the account's defaults": put("defaults", DEFAULTS, { httpTokens: "no-preference" }),
  },
  partial: {
    "only a hop limit": set("launchTemplate", "metadataOptions", {
      httpEndpoint: "enabled",
      httpPutResponseHopLimit: 1,
    }),
  },
  wrongType: { boolean: set("launchTemplate", "metadataOptions.httpTokens", true) },
  unknown: {
    tokens: set("launchTemplate", "metadataOptions.httpTokens", UNKNOWN),
    options: example("instance", { metadataOptions: UNKNOWN }),
  },
  world: awsWorld,
});
