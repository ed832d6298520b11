import type { World } from "../model";
import { arn, aws, KEY, TRUST } from "./aws";

const SUBNETS = ["subnet-a", "subnet-b"];

export const cluster = (): World => ({
  resources: {
    cluster: aws("eks/cluster:Cluster", {
      name: "serving",
      roleArn: "arn:aws:iam::111122223333:role/eks",
      version: "1.34",
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
      encryptionConfig: { provider: { keyArn: KEY }, resources: ["secrets"] },
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      vpcConfig: { subnetIds: SUBNETS, endpointPrivateAccess: true, endpointPublicAccess: false },
      deletionProtection: true,
    }),
    logs: aws("cloudwatch/logGroup:LogGroup", {
      name: "/aws/eks/serving/cluster",
      kmsKeyId: KEY,
      retentionInDays: 365,
    }),
    entry: aws("eks/accessEntry:AccessEntry", {
      clusterName: "serving",
      principalArn: "arn:aws:iam::111122223333:role/team",
      kubernetesGroups: ["team"],
      type: "STANDARD",
    }),
    access: aws("eks/accessPolicyAssociation:AccessPolicyAssociation", {
      clusterName: "serving",
      principalArn: "arn:aws:iam::111122223333:role/team",
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
      accessScope: { type: "namespace", namespaces: ["team"] },
    }),
    nodes: aws("eks/nodeGroup:NodeGroup", {
      clusterName: "serving",
      nodeRoleArn: "arn:aws:iam::111122223333:role/nodes",
      subnetIds: SUBNETS,
      scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 6 },
      launchTemplate: { id: "lt-1", version: "1" },
    }),
  },
});

const METADATA = { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 };

export const template = (): World => ({
  resources: {
    template: aws("ec2/launchTemplate:LaunchTemplate", {
      name: "gpu",
      metadataOptions: METADATA,
      blockDeviceMappings: [
        { deviceName: "/dev/xvda", ebs: { encrypted: "true", kmsKeyId: KEY, volumeSize: 50 } },
        { deviceName: "/dev/xvdb", ebs: { encrypted: "true", kmsKeyId: KEY, volumeSize: 200 } },
      ],
      networkInterfaces: [{ associatePublicIpAddress: "false", securityGroups: ["sg-1"] }],
      monitoring: { enabled: true },
    }),
  },
  aliases: { ebs: "template.blockDeviceMappings.0.ebs" },
});

export const instance = (): World => ({
  resources: {
    instance: aws("ec2/instance:Instance", {
      ami: "ami-1",
      instanceType: "m6i.large",
      subnetId: "subnet-a",
      vpcSecurityGroupIds: ["sg-1"],
      associatePublicIpAddress: false,
      ebsOptimized: true,
      monitoring: true,
      iamInstanceProfile: "shop",
      metadataOptions: METADATA,
      rootBlockDevice: { encrypted: true, kmsKeyId: KEY },
      ebsBlockDevices: [{ deviceName: "/dev/sdb", encrypted: true, kmsKeyId: KEY }],
    }),
  },
});

export const launchConfiguration = (): World => ({
  resources: {
    launch: aws("ec2/launchConfiguration:LaunchConfiguration", {
      imageId: "ami-1",
      instanceType: "m6i.large",
      associatePublicIpAddress: false,
      metadataOptions: METADATA,
      rootBlockDevice: { encrypted: true },
    }),
  },
});

export const autoscaling = (): World => ({
  resources: {
    group: aws("autoscaling/group:Group", {
      minSize: 2,
      maxSize: 6,
      vpcZoneIdentifiers: SUBNETS,
      healthCheckType: "ELB",
      targetGroupArns: [arn("elasticloadbalancing", "targetgroup/shop/1")],
      launchTemplate: { id: "lt-1", version: "1" },
      tags: [{ key: "app", value: "shop", propagateAtLaunch: true }],
    }),
  },
});

const rule = (more: Record<string, unknown>) => ({
  protocol: "tcp",
  fromPort: 443,
  toPort: 443,
  description: "tls",
  ...more,
});

export const group = (): World => ({
  resources: {
    group: aws("ec2/securityGroup:SecurityGroup", {
      id: "sg-1",
      name: "shop",
      description: "the shop",
      vpcId: "vpc-1",
      ingress: [rule({ cidrBlocks: ["10.0.0.0/8"] })],
      egress: [rule({ cidrBlocks: ["10.0.0.0/8"] })],
    }),
  },
  aliases: { ingress: "group.ingress.0", egress: "group.egress.0" },
});

/** A group whose rules are resources, one of each spelling. */
export const groupRules = (): World => ({
  resources: {
    ingress: aws("vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
      securityGroupId: "sg-1",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: "10.0.0.0/8",
      description: "tls",
    }),
    egress: aws("vpc/securityGroupEgressRule:SecurityGroupEgressRule", {
      securityGroupId: "sg-1",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: "10.0.0.0/8",
      description: "tls",
    }),
    older: aws("ec2/securityGroupRule:SecurityGroupRule", {
      securityGroupId: "sg-1",
      type: "ingress",
      protocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrBlocks: ["10.0.0.0/8"],
      description: "tls",
    }),
    group: aws("ec2/securityGroup:SecurityGroup", {
      id: "sg-1",
      name: "shop",
      description: "the shop",
      vpcId: "vpc-1",
    }),
  },
});

export const network = (): World => ({
  resources: {
    vpc: aws("ec2/vpc:Vpc", { id: "vpc-1", cidrBlock: "10.0.0.0/16", enableDnsHostnames: true }),
    flow: aws("ec2/flowLog:FlowLog", {
      vpcId: "vpc-1",
      trafficType: "ALL",
      logDestinationType: "s3",
      logDestination: "arn:aws:s3:::central-logs",
    }),
    standard: aws("ec2/defaultSecurityGroup:DefaultSecurityGroup", { vpcId: "vpc-1" }),
    subnet: aws("ec2/subnet:Subnet", {
      id: "subnet-a",
      vpcId: "vpc-1",
      cidrBlock: "10.0.1.0/24",
      mapPublicIpOnLaunch: false,
    }),
    acl: aws("ec2/networkAclRule:NetworkAclRule", {
      networkAclId: "acl-1",
      ruleNumber: 100,
      egress: false,
      protocol: "tcp",
      ruleAction: "allow",
      cidrBlock: "10.0.0.0/8",
      fromPort: 443,
      toPort: 443,
    }),
  },
});

export const FUNCTION = arn("lambda", "function:shop");

export const lambda = (): World => ({
  resources: {
    function: aws("lambda/function:Function", {
      name: "shop",
      arn: FUNCTION,
      packageType: "Zip",
      runtime: "nodejs22.x",
      handler: "index.handler",
      role: "arn:aws:iam::111122223333:role/shop",
      kmsKeyArn: KEY,
      environment: { variables: { LOG_LEVEL: "info" } },
      tracingConfig: { mode: "Active" },
      deadLetterConfig: { targetArn: arn("sqs", "dead") },
      vpcConfig: { subnetIds: SUBNETS, securityGroupIds: ["sg-1"] },
      reservedConcurrentExecutions: 20,
      codeSigningConfigArn: arn("lambda", "code-signing-config:csc-1"),
    }),
    url: aws("lambda/functionUrl:FunctionUrl", { functionName: "shop", authorizationType: "AWS_IAM" }),
    permission: aws("lambda/permission:Permission", {
      function: "shop",
      action: "lambda:InvokeFunction",
      principal: "s3.amazonaws.com",
      sourceArn: "arn:aws:s3:::models",
      sourceAccount: "111122223333",
    }),
    logs: aws("cloudwatch/logGroup:LogGroup", {
      name: "/aws/lambda/shop",
      kmsKeyId: KEY,
      retentionInDays: 365,
    }),
    role: aws("iam/role:Role", {
      name: "shop",
      assumeRolePolicy: TRUST({ Service: "lambda.amazonaws.com" }),
    }),
  },
});
