import { from, type TwinData } from "../model";
import { aws } from "../worlds/aws";
import {
  cluster,
  group,
  groupRules,
  instance,
  lambda,
  launchConfiguration,
  network,
  template,
} from "../worlds/aws-compute";

const ALL4 = ["0.0.0.0/0"];
const rule = (more: Record<string, unknown>) => ({
  protocol: "tcp",
  fromPort: 443,
  toPort: 443,
  description: "a",
  cidrBlocks: ["10.0.0.0/8"],
  ...more,
});

export const awsHardening: readonly TwinData[] = [
  ...from("Checkov", [
    [
      "CKV_AWS_8",
      "a root device without encryption",
      instance,
      { "instance.rootBlockDevice.encrypted": false, "instance.rootBlockDevice.kmsKeyId": undefined },
    ],
    ["CKV_AWS_8", "nothing said of the root device", instance, { "instance.rootBlockDevice": undefined }],
    [
      "CKV_AWS_8",
      "a second device without encryption",
      instance,
      { "instance.ebsBlockDevices.0.encrypted": undefined, "instance.ebsBlockDevices.0.kmsKeyId": undefined },
    ],
    [
      "CKV_AWS_8",
      "a launch configuration without encryption",
      launchConfiguration,
      { "launch.rootBlockDevice.encrypted": undefined },
    ],
    [
      "CKV_AWS_341",
      "containers reach the metadata service over many hops",
      template,
      { "template.metadataOptions.httpPutResponseHopLimit": 3 },
    ],
    [
      "CKV_AWS_100",
      "SSH to nodes from everywhere",
      cluster,
      { "nodes.remoteAccess": { ec2SshKey: "ops" } },
      {
        good: { "nodes.remoteAccess": { ec2SshKey: "ops", sourceSecurityGroupIds: ["sg-1"] } },
        names: ["nodes"],
      },
    ],
    [
      "CKV_AWS_364",
      "a service may call for any account",
      lambda,
      { "permission.sourceArn": undefined, "permission.sourceAccount": undefined },
      { names: ["permission"] },
    ],
    ["CKV_AWS_272", "code that nobody signed", lambda, { "function.codeSigningConfigArn": undefined }],
    [
      "CKV_AWS_115",
      "one function may use up all",
      lambda,
      { "function.reservedConcurrentExecutions": undefined },
    ],
    [
      "CKV_AWS_382",
      "everything may go out",
      group,
      { egress: rule({ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ALL4 }) },
    ],
    [
      "CKV_AWS_382",
      "everything may go out, as a resource",
      groupRules,
      {
        "egress.ipProtocol": "-1",
        "egress.fromPort": undefined,
        "egress.toPort": undefined,
        "egress.cidrIpv4": "0.0.0.0/0",
      },
      { names: ["egress", "group"] },
    ],
    [
      "CKV_AWS_260",
      "plain HTTP from everywhere",
      group,
      { ingress: rule({ fromPort: 80, toPort: 80, cidrBlocks: ALL4 }) },
    ],
    [
      "CKV_AWS_148",
      "the default network is used",
      network,
      { byDefault: aws("ec2/defaultVpc:DefaultVpc", {}) },
      { names: ["byDefault"], good: {} },
    ],
  ]),
  ...from("AWS Foundational Security Best Practices", [
    [
      "EC2.3",
      "a device of a template without encryption",
      template,
      { "ebs.encrypted": "false", "ebs.kmsKeyId": undefined },
    ],
    [
      "EC2.3",
      "one device of two without encryption",
      template,
      {
        "template.blockDeviceMappings.1.ebs.encrypted": undefined,
        "template.blockDeviceMappings.1.ebs.kmsKeyId": undefined,
      },
      { good: { "template.blockDeviceMappings.1.ebs.encrypted": true } },
    ],
    ["EC2.3", "no device named, so none encrypted", template, { "template.blockDeviceMappings": undefined }],
    [
      "EC2.19",
      "MySQL from everywhere",
      group,
      { ingress: rule({ fromPort: 3306, toPort: 3306, cidrBlocks: ALL4 }) },
    ],
    [
      "Lambda.1",
      "another account's everyone by organization lost",
      lambda,
      {
        "permission.principal": "*",
        "permission.sourceArn": undefined,
        "permission.sourceAccount": undefined,
      },
      {
        good: {
          "permission.principal": "*",
          "permission.principalOrgId": "o-1234567890",
          "permission.sourceArn": undefined,
          "permission.sourceAccount": undefined,
        },
        names: ["permission", "function"],
      },
    ],
  ]),
  ...from("EKS best practices", [
    [
      "Cluster access: access entries",
      "an entry that is an administrator of the cluster",
      cluster,
      {
        "access.policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        "access.accessScope": { type: "cluster" },
      },
      { names: ["access"] },
    ],
    [
      "Cluster access: access entries",
      "an entry of system:masters",
      cluster,
      { "entry.kubernetesGroups": ["system:masters"] },
      { names: ["entry"] },
    ],
    [
      "Cluster access: authentication mode",
      "access by a ConfigMap",
      cluster,
      { "cluster.accessConfig.authenticationMode": "CONFIG_MAP" },
    ],
    [
      "Cluster access: creator",
      "whoever makes the cluster stays its administrator",
      cluster,
      { "cluster.accessConfig.bootstrapClusterCreatorAdminPermissions": true },
    ],
    [
      "Infrastructure security: images",
      "the function's image by a tag",
      lambda,
      {
        "function.packageType": "Image",
        "function.imageUri": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:latest",
        "function.runtime": undefined,
        "function.handler": undefined,
        "function.codeSigningConfigArn": undefined,
      },
      {
        good: {
          "function.packageType": "Image",
          "function.imageUri": `111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop@sha256:${"3c".repeat(32)}`,
          "function.runtime": undefined,
          "function.handler": undefined,
          "function.codeSigningConfigArn": undefined,
        },
      },
    ],
    [
      "Reliability: nodes",
      "nodes in one zone",
      cluster,
      { "nodes.subnetIds": ["subnet-a"] },
      { names: ["nodes"] },
    ],
  ]),
];
