import { from, type TwinData } from "../model";
import { cluster, instance, launchConfiguration, template } from "../worlds/aws-compute";

const ALL4 = ["0.0.0.0/0"];

export const awsCompute: readonly TwinData[] = [
  ...from("Prowler", [
    [
      "eks_cluster_kms_cmk_encryption_in_secrets_enabled",
      "secrets of Kubernetes under no key",
      cluster,
      { "cluster.encryptionConfig": undefined },
    ],
    [
      "eks_cluster_kms_cmk_encryption_in_secrets_enabled",
      "a key for nothing",
      cluster,
      { "cluster.encryptionConfig.resources": [] },
    ],
    [
      "eks_cluster_not_publicly_accessible",
      "the API server for every address",
      cluster,
      { "cluster.vpcConfig.endpointPublicAccess": true, "cluster.vpcConfig.publicAccessCidrs": ALL4 },
      {
        good: {
          "cluster.vpcConfig.endpointPublicAccess": true,
          "cluster.vpcConfig.publicAccessCidrs": ["203.0.113.0/24"],
        },
      },
    ],
    [
      "eks_cluster_not_publicly_accessible",
      "the API server for every address, by default",
      cluster,
      { "cluster.vpcConfig.endpointPublicAccess": undefined },
    ],
    [
      "eks_cluster_not_publicly_accessible",
      "every address beside a narrow range",
      cluster,
      {
        "cluster.vpcConfig.endpointPublicAccess": true,
        "cluster.vpcConfig.publicAccessCidrs": ["203.0.113.0/24", "0.0.0.0/0"],
      },
    ],
    [
      "eks_cluster_private_nodes_enabled",
      "nodes reach the API server over the internet",
      cluster,
      {
        "cluster.vpcConfig.endpointPrivateAccess": false,
        "cluster.vpcConfig.endpointPublicAccess": true,
        "cluster.vpcConfig.publicAccessCidrs": ["203.0.113.0/24"],
      },
      {
        good: {
          "cluster.vpcConfig.endpointPublicAccess": true,
          "cluster.vpcConfig.publicAccessCidrs": ["203.0.113.0/24"],
        },
      },
    ],
    [
      "eks_control_plane_logging_all_types_enabled",
      "no logs of the control plane",
      cluster,
      { "cluster.enabledClusterLogTypes": undefined },
    ],
    [
      "eks_control_plane_logging_all_types_enabled",
      "the audit log is missing",
      cluster,
      { "cluster.enabledClusterLogTypes": ["api", "authenticator", "controllerManager", "scheduler"] },
    ],
    [
      "eks_cluster_deletion_protection_enabled",
      "nothing keeps the cluster from deletion",
      cluster,
      { "cluster.deletionProtection": false },
    ],
    [
      "eks_cluster_uses_a_supported_version",
      "a version long out of support",
      cluster,
      { "cluster.version": "1.22" },
    ],
    [
      "ec2_launch_template_imdsv2_required",
      "the metadata service of old",
      template,
      { "template.metadataOptions.httpTokens": "optional" },
    ],
    [
      "ec2_launch_template_imdsv2_required",
      "nothing said of the metadata service",
      template,
      { "template.metadataOptions": undefined },
      { good: { "template.metadataOptions": { httpEndpoint: "disabled" } } },
    ],
    [
      "ec2_instance_imdsv2_enabled",
      "an instance with the metadata service of old",
      instance,
      { "instance.metadataOptions.httpTokens": "optional" },
    ],
    [
      "ec2_instance_imdsv2_enabled",
      "an instance that says nothing of it",
      instance,
      { "instance.metadataOptions": undefined },
      { good: { "instance.metadataOptions": { httpEndpoint: "disabled" } } },
    ],
    [
      "autoscaling_group_launch_configuration_requires_imdsv2",
      "a launch configuration that says nothing of it",
      launchConfiguration,
      { "launch.metadataOptions": undefined },
    ],
    [
      "autoscaling_group_launch_configuration_no_public_ip",
      "public addresses for all instances",
      launchConfiguration,
      { "launch.associatePublicIpAddress": true },
    ],
    [
      "ec2_launch_template_no_public_ip",
      "a public address, as a text",
      template,
      { "template.networkInterfaces.0.associatePublicIpAddress": "true" },
    ],
    [
      "ec2_launch_template_no_public_ip",
      "a public address for the second interface",
      template,
      { "template.networkInterfaces.1": { deviceIndex: 1, associatePublicIpAddress: true } },
      { good: { "template.networkInterfaces.1": { deviceIndex: 1, associatePublicIpAddress: false } } },
    ],
    [
      "ec2_instance_public_ip",
      "an instance with a public address",
      instance,
      { "instance.associatePublicIpAddress": true },
    ],
    [
      "ec2_launch_template_no_secrets",
      "a secret in what an instance starts with",
      template,
      {
        "template.userData": Buffer.from(
          "#!/bin/sh\nexport AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\n",
        ).toString("base64"),
      },
      { good: { "template.userData": Buffer.from("#!/bin/sh\nsystemctl start shop\n").toString("base64") } },
    ],
  ]),
];
