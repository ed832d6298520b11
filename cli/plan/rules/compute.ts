import type { PropertyDelta } from "../property-diff";
import { gpusOf, vcpusOf } from "../instance-types";
import { access, both, cost, each, harmless, interruption, on, whenMore } from "./rule";
import type { Effect, RuleTable } from "./rule";

/** EKS ends its wait for pods that their budgets hold back; a node group's deletion goes on all the same. */
const DRAINED =
  "its pods move one by one within the disruption budget, for the minutes that EKS waits for them";

const instanceType = ({ before, after }: PropertyDelta): Effect => {
  const [old, next] = [vcpusOf(before), vcpusOf(after)];
  return old !== undefined && next !== undefined && next < old
    ? harmless("a smaller instance type")
    : cost("another instance type");
};

const DRIFTED = interruption("Karpenter replaces nodes that no longer fit, within the disruption budget");
/** Whether the policy says it or the values of the operator's chart. */
export const GPU_STACK_RESTARTS = interruption("drivers and device plugins restart node by node");

const hasGpus = (group: Record<string, unknown> | undefined): boolean =>
  Array.isArray(group?.instanceTypes) && group.instanceTypes.some((type) => gpusOf(String(type)) > 0);

const larger = (words: string, less: Effect) => whenMore(cost(words), less);

/** Nodes, functions and the network under them. */
export const COMPUTE: RuleTable = {
  "aws:eks/NodeGroup": {
    noun: ({ before, after }) =>
      hasGpus(before) || hasGpus(after) ? "the GPU node group" : "the node group",
    create: cost("its nodes run"),
    delete: interruption(DRAINED),
    replace: ({ deletedFirst }) =>
      interruption(
        deletedFirst
          ? `the old nodes go first: ${DRAINED}`
          : `beside the new nodes the old ones go: ${DRAINED}`,
      ),
    update: [
      on(/^scalingConfig\.maxSize$/, larger("may have more nodes", harmless("may have fewer nodes"))),
      on(
        /^scalingConfig\.(minSize|desiredSize)$/,
        larger("has more nodes", interruption("nodes beyond it are drained")),
      ),
      on(
        /^(version|releaseVersion|launchTemplate|forceUpdateVersion)\b/,
        interruption("its nodes are replaced a few at a time, within the disruption budget"),
      ),
      on(/^updateConfig\b/, harmless("changes how many of its nodes a later update replaces at a time")),
      on(/^taints\b/, interruption("pods without the toleration are no longer placed on it, or are evicted")),
      on(/^labels\b/, interruption("pods that select its nodes may no longer fit")),
    ],
  },
  "aws:eks/Addon": {
    noun: "the add-on",
    delete: interruption("what it gives the cluster (network, DNS, volumes) stops"),
    update: [
      on(/^(addonVersion|configurationValues)\b/, interruption("its pods are replaced node by node")),
      on(/^(podIdentityAssociations|serviceAccountRoleArn)\b/, access("changes as whom its pods act")),
    ],
  },
  "kubernetes:karpenter.sh/NodePool": {
    noun: "the node pool",
    create: cost("nodes are bought when pods need them"),
    delete: interruption("Karpenter drains its nodes within the disruption budget and ends them"),
    update: [
      // Without a limit there is none.
      on(
        /^spec\.limits\b/,
        whenMore(cost("may have more nodes"), harmless("may have fewer nodes"), Infinity),
      ),
      on(/^spec\.disruption\b/, interruption("changes when Karpenter takes nodes away")),
      on(/^spec\.template\b/, DRIFTED),
    ],
  },
  "kubernetes:karpenter.k8s.aws/EC2NodeClass": {
    noun: "the node class",
    delete: interruption("its nodes are drained and ended"),
    update: [
      on(
        /^spec\.(role|instanceProfile|securityGroup|metadataOptions)/,
        both(access("changes what its nodes may do"), DRIFTED),
      ),
      on(/^spec\b/, DRIFTED),
    ],
  },
  "kubernetes:nvidia.com/ClusterPolicy": {
    noun: "the GPU operator's policy",
    delete: interruption("GPUs are no longer offered to pods"),
    update: [on(/^spec\b/, GPU_STACK_RESTARTS)],
  },
  "aws:ec2/LaunchTemplate": {
    noun: "the launch template",
    delete: interruption("no node can be started from it"),
    replace: interruption("node groups that use it replace their nodes"),
    update: [
      on(
        /^(metadataOptions|networkInterfaces|vpcSecurityGroupIds|iamInstanceProfile)\b/,
        access("changes what new nodes may do"),
      ),
      on(/^instanceType$/, instanceType),
      on(/./, harmless("node groups that name its latest version replace their nodes")),
    ],
  },
  "aws:ec2/Instance": {
    noun: "the instance",
    create: cost("an instance runs"),
    delete: interruption("it stops"),
    update: [on(/^instanceType$/, interruption("it stops while it changes its type"))],
  },
  "aws:autoscaling/Group": {
    noun: "the autoscaling group",
    create: cost("its instances run"),
    delete: interruption("its instances stop"),
    update: [
      on(
        /^(maxSize|minSize|desiredCapacity)$/,
        larger("may have more instances", interruption("instances beyond it stop")),
      ),
    ],
  },
  "aws:ec2/CapacityReservation": {
    noun: "the capacity reservation",
    create: cost("it is paid for, used or not"),
  },
  "aws:ec2/NatGateway": {
    noun: "the NAT gateway",
    create: cost("it is paid by the hour and by the byte"),
    delete: interruption("private subnets no longer reach the internet through it"),
  },
  "aws:ec2/Eip": {
    noun: "the address",
    create: cost("a public address is paid by the hour"),
    delete: interruption("the address is given back and cannot be had again"),
  },
  "aws:ec2/VpcEndpoint": {
    noun: "the endpoint",
    create: ({ after }) =>
      after?.vpcEndpointType === "Interface" ? cost("it is paid by the hour in every zone") : undefined,
    delete: interruption("the service is no longer reached privately"),
    update: [
      on(/^(policy|securityGroupIds)\b/, access("changes what may be reached through it")),
      on(/^subnetIds\b/, interruption("it moves to other subnets")),
    ],
  },
  ...each(
    ["Vpc", "Subnet", "RouteTable", "RouteTableAssociation", "Route", "InternetGateway"].map(
      (kind) => `aws:ec2/${kind}`,
    ),
    {
      delete: interruption("what lies in it, or is routed by it, is cut off"),
      update: [on(/^(routes|mapPublicIpOnLaunch|enableDns)/, interruption("packets go other ways"))],
    },
  ),
  ...each(["aws:cloudwatch/EventRule", "aws:cloudwatch/EventTarget"], {
    delete: interruption("its events, such as the end of a spot node, are no longer passed on"),
    update: [on(/./, interruption("other events are passed on, or elsewhere"))],
  }),
  "aws:ec2/FlowLog": { delete: access("who connected to what is no longer recorded") },
  "aws:lambda/Function": {
    noun: "the function",
    delete: interruption("calls of it fail"),
    update: [
      on(
        /^(memorySize|ephemeralStorage|timeout)\b/,
        larger("a call may cost more", harmless("a call costs less")),
      ),
      on(
        /^reservedConcurrentExecutions$/,
        larger("more calls at a time", interruption("calls beyond it are refused")),
      ),
      on(/^(role|vpcConfig|kmsKeyArn)\b/, access("changes what it may do")),
      on(/^(imageUri|code|environment)\b/, harmless("new calls run the new version")),
    ],
  },
  "aws:lambda/ProvisionedConcurrencyConfig": {
    noun: "the provisioned concurrency",
    create: cost("it is paid for, used or not"),
    delete: interruption("calls may wait for a cold start"),
    update: [
      on(/^provisionedConcurrentExecutions$/, larger("more is kept warm", harmless("less is kept warm"))),
    ],
  },
  ...each(
    ["Api", "Route", "Stage", "Integration", "Deployment", "DomainName", "ApiMapping"].map(
      (kind) => `aws:apigatewayv2/${kind}`,
    ),
    {
      noun: "the HTTP API",
      delete: interruption("calls through it fail"),
      update: [
        on(
          /^(authoriz|apiKey|disableExecuteApiEndpoint|corsConfiguration)/,
          access("changes who may call it"),
        ),
        on(/./, interruption("calls may go elsewhere, or be limited otherwise")),
      ],
    },
  ),
};
