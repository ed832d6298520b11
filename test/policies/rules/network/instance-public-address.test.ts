import { UNKNOWN } from "../../../../policies/testing";
import { instancePublicAddress } from "../../../../policies/rules/network/instance-public-address";
import { example } from "../../support/aws-resources";
import { awsWorld } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

const CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass";

describeRule(instancePublicAddress, {
  good: {
    template: set("launchTemplate", "networkInterfaces", [{ associatePublicIpAddress: "false" }]),
    instance: example("instance"),
    "a node class": put("nodes", CLASS, {
      metadata: { name: "gpu" },
      spec: { associatePublicIPAddress: false },
    }),
  },
  bad: {
    "a template's text": set("launchTemplate", "networkInterfaces", [{ associatePublicIpAddress: "true" }]),
    instance: example("instance", { associatePublicIpAddress: true }),
    "a launch configuration": example("launchConfiguration", { associatePublicIpAddress: true }),
    "a node class": put("nodes", CLASS, {
      metadata: { name: "gpu" },
      spec: { associatePublicIPAddress: true },
    }),
  },
  partial: {
    "one interface of two": set("launchTemplate", "networkInterfaces", [
      { deviceIndex: 0 },
      { deviceIndex: 1, associatePublicIpAddress: "true" },
    ]),
  },
  wrongType: {
    "a figure as a text, which AWS reads as true": set("launchTemplate", "networkInterfaces", [
      { associatePublicIpAddress: "1" },
    ]),
    "a word": example("instance", { associatePublicIpAddress: "yes" }),
    "one interface, not a list": set("launchTemplate", "networkInterfaces", {
      associatePublicIpAddress: "true",
    }),
  },
  unknown: {
    instance: example("instance", { associatePublicIpAddress: UNKNOWN }),
    interfaces: set("launchTemplate", "networkInterfaces", UNKNOWN),
  },
  world: awsWorld,
});
