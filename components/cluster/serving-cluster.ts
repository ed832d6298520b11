import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import { AccessEntry } from "@pulumi/aws/eks/accessEntry";
import { AccessPolicyAssociation } from "@pulumi/aws/eks/accessPolicyAssociation";
import { Addon } from "@pulumi/aws/eks/addon";
import { Cluster } from "@pulumi/aws/eks/cluster";
import { NodeGroup } from "@pulumi/aws/eks/nodeGroup";
import { getPartitionOutput } from "@pulumi/aws/getPartition";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment";
import { Provider } from "@pulumi/kubernetes/provider";
import { StorageClass } from "@pulumi/kubernetes/storage/v1";
import * as pulumi from "@pulumi/pulumi";
import { allow, podIdentityTrust, serviceTrust } from "../internal/aws-policies";
import { createEncryptionKey, LOG_GROUPS } from "../internal/encryption-key";
import { eksKubeconfig } from "../internal/kubeconfig";
import { createNodeTemplate } from "../internal/node-template";
import type { ADDONS } from "./cluster-settings";
import { resolveCluster, type ClusterSettings, type ResolvedCluster } from "./cluster-settings";
import type { NetworkReference } from "./serving-network";

/** Inputs of a ServingCluster; the settings of ClusterSettings have defaults of their own. */
export interface ServingClusterArgs extends ClusterSettings {
  /** Where the cluster is: a ServingNetwork, or the IDs of a network that is there. */
  readonly network: NetworkReference;
}

/** What a node pool needs of a cluster, whether ServingCluster made it or it was there. */
export interface ClusterReference {
  readonly clusterName: pulumi.Input<string>;
  /** Subnets of nodes. */
  readonly nodeSubnetIds: readonly pulumi.Input<string>[];
  /** ARN of the role that nodes take. */
  readonly nodeRoleArn: pulumi.Input<string>;
  /** Name of that role. */
  readonly nodeRoleName: pulumi.Input<string>;
  /** The security group that nodes and the control plane share. */
  readonly securityGroupId: pulumi.Input<string>;
}

/** A role with what gives it its permissions. Pulumi does not wait for children of a role: whatever uses it has to name them. */
interface GrantedRole {
  readonly role: Role;
  readonly grants: readonly pulumi.Resource[];
}

/** What the control plane can log, all of it. */
const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** The default StorageClass of the cluster. */
const STORAGE_CLASS = "encrypted-gp3";

/**
 * An EKS cluster for model serving: secrets encrypted with a key of the account's own, the API server inside the network,
 * everything logged, access by entries rather than by a ConfigMap, network policies enforced, pods without the node's
 * credentials, and an encrypted default StorageClass.
 *
 * @example
 * const network = new ServingNetwork("serving");
 * const cluster = new ServingCluster("serving", { network });
 * export const kubeconfig = cluster.kubeconfig;
 */
export class ServingCluster extends pulumi.ComponentResource implements ClusterReference {
  readonly clusterName: pulumi.Output<string>;
  readonly nodeSubnetIds: readonly pulumi.Input<string>[];
  readonly nodeRoleArn: pulumi.Output<string>;
  readonly nodeRoleName: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  /** A secret, although it holds no credentials: it tells where the API server is and how to trust it. */
  readonly kubeconfig: pulumi.Output<string>;
  /** For the Kubernetes resources of the platform; ready once the system nodes are. */
  readonly provider: Provider;
  private readonly tags: Readonly<Record<string, string>>;

  constructor(name: string, args: ServingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:ServingCluster", name, {}, opts);
    const settings = resolveCluster(name, args);
    this.tags = settings.tags;
    const parent = { parent: this };
    const { partition } = getPartitionOutput({}, parent);
    const managed = (policy: string) => pulumi.interpolate`arn:${partition}:iam::aws:policy/${policy}`;

    const cluster = this.createCluster(name, args.network, settings, managed);
    const { role: nodeRole, grants: nodeGrants } = this.createRole(
      `${name}-node`,
      serviceTrust("ec2.amazonaws.com"),
      [managed("AmazonEKSWorkerNodePolicy"), managed("AmazonEC2ContainerRegistryPullOnly")],
    );
    const access = this.createAccess(name, cluster, settings, partition);

    // Networking first: without it no node becomes ready. Pods get credentials of their own, never the node's.
    const agent = this.createAddon(name, cluster, "eks-pod-identity-agent", settings, []);
    const pods = this.createRole(`${name}-cni`, podIdentityTrust(), [managed("AmazonEKS_CNI_Policy")]);
    const cni = this.createAddon(name, cluster, "vpc-cni", settings, [agent, ...pods.grants], {
      configurationValues: JSON.stringify({ enableNetworkPolicy: "true" }),
      podIdentityAssociations: [{ serviceAccount: "aws-node", roleArn: pods.role.arn }],
    });
    const proxy = this.createAddon(name, cluster, "kube-proxy", settings, []);
    const nodes = this.createSystemNodes(name, cluster, args.network, nodeRole, settings, [
      agent,
      cni,
      proxy,
      ...nodeGrants,
    ]);
    const dns = this.createAddon(name, cluster, "coredns", settings, [nodes]);
    const { region } = getRegionOutput({}, parent);
    const { name: clusterName, endpoint, certificateAuthority } = cluster;
    // Whoever reaches the cluster with it may do so by one of these entries: they are there first, and go last.
    const entries = pulumi.all(access.map(({ urn }) => urn));
    this.kubeconfig = pulumi.secret(
      pulumi
        .all([clusterName, endpoint, certificateAuthority.data, region, entries])
        .apply(([called, server, authority, where]) => eksKubeconfig(called, server, authority, where)),
    );
    this.provider = new Provider(
      `${name}-kubernetes`,
      { kubeconfig: this.kubeconfig },
      { parent: this, dependsOn: [nodes, dns, ...access] },
    );
    const driverPolicy = managed("service-role/AmazonEBSCSIDriverPolicy");
    this.createStorage(name, cluster, settings, nodes, driverPolicy);

    this.clusterName = cluster.name;
    this.nodeSubnetIds = args.network.privateSubnetIds;
    // Nodes of any other group need permissions and network as much as these: whoever takes the role waits for both.
    this.nodeRoleArn = pulumi
      .all([nodeRole.arn, ...[cni, ...nodeGrants].map(({ urn }) => urn)])
      .apply(([arn]) => arn!);
    this.nodeRoleName = nodeRole.name;
    this.securityGroupId = cluster.vpcConfig.clusterSecurityGroupId;
    this.registerOutputs({ clusterName: this.clusterName, kubeconfig: this.kubeconfig });
  }

  private createCluster(
    name: string,
    network: NetworkReference,
    settings: ResolvedCluster,
    managed: (policy: string) => pulumi.Output<string>,
  ): Cluster {
    const parent = { parent: this };
    const secretsKey = createEncryptionKey(
      `${name}-secrets-key`,
      `Secrets of the cluster ${name}`,
      [],
      this.tags,
      parent,
    );
    const logsKey = createEncryptionKey(
      `${name}-logs-key`,
      `Logs of the cluster ${name}`,
      [LOG_GROUPS],
      this.tags,
      parent,
    );
    // EKS would make the group itself, without retention and key, and leave it behind.
    const logs = new LogGroup(
      `${name}-control-plane-logs`,
      {
        name: `/aws/eks/${name}/cluster`,
        kmsKeyId: logsKey.arn,
        retentionInDays: settings.logRetentionDays,
        tags: { ...this.tags },
      },
      parent,
    );
    const { role, grants } = this.createRole(
      `${name}-control-plane`,
      serviceTrust("eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]),
      [managed("AmazonEKSClusterPolicy")],
    );
    const isPublic = settings.publicAccessCidrs.length > 0;
    return new Cluster(
      `${name}-cluster`,
      {
        name,
        version: settings.version,
        roleArn: role.arn,
        deletionProtection: settings.deletionProtection,
        // The add-ons below are its only ones, each under this program's control.
        bootstrapSelfManagedAddons: false,
        enabledClusterLogTypes: LOG_TYPES,
        accessConfig: {
          authenticationMode: "API",
          bootstrapClusterCreatorAdminPermissions: settings.creatorAdministers,
        },
        encryptionConfig: { provider: { keyArn: secretsKey.arn }, resources: ["secrets"] },
        upgradePolicy: { supportType: "STANDARD" },
        vpcConfig: {
          subnetIds: [...network.privateSubnetIds],
          endpointPrivateAccess: true,
          endpointPublicAccess: isPublic,
          publicAccessCidrs: isPublic ? [...settings.publicAccessCidrs] : undefined,
        },
        tags: { ...this.tags },
      },
      { parent: this, dependsOn: [logs, ...grants] },
    );
  }

  private createRole(
    name: string,
    assumeRolePolicy: string,
    policies: readonly pulumi.Output<string>[],
  ): GrantedRole {
    const role = new Role(`${name}-role`, { assumeRolePolicy, tags: { ...this.tags } }, { parent: this });
    const grants = policies.map(
      (policyArn, i) =>
        new RolePolicyAttachment(`${name}-role-${i}`, { role: role.name, policyArn }, { parent: role }),
    );
    return { role, grants };
  }

  /** What lets the administrators in. */
  private createAccess(
    name: string,
    cluster: Cluster,
    { administrators }: ResolvedCluster,
    partition: pulumi.Output<string>,
  ): pulumi.Resource[] {
    return administrators.flatMap((principalArn, i) => {
      const entry = new AccessEntry(
        `${name}-administrator-${i}`,
        { clusterName: cluster.name, principalArn, tags: { ...this.tags } },
        { parent: this },
      );
      const policy = new AccessPolicyAssociation(
        `${name}-administrator-${i}-policy`,
        {
          clusterName: cluster.name,
          principalArn: entry.principalArn,
          policyArn: pulumi.interpolate`arn:${partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
          accessScope: { type: "cluster" },
        },
        { parent: this },
      );
      return [entry, policy];
    });
  }

  private createAddon(
    name: string,
    cluster: Cluster,
    addonName: (typeof ADDONS)[number],
    { addonVersions }: ResolvedCluster,
    dependsOn: pulumi.Resource[],
    more: Partial<ConstructorParameters<typeof Addon>[1]> = {},
  ): Addon {
    return new Addon(
      `${name}-${addonName}`,
      {
        clusterName: cluster.name,
        addonName,
        addonVersion: addonVersions[addonName],
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "OVERWRITE",
        tags: { ...this.tags },
        ...more,
      },
      { parent: this, dependsOn },
    );
  }

  private createSystemNodes(
    name: string,
    cluster: Cluster,
    network: NetworkReference,
    role: Role,
    { systemNodes }: ResolvedCluster,
    dependsOn: pulumi.Resource[],
  ): NodeGroup {
    const { instanceTypes, minNodes, maxNodes, rootVolumeGiB } = systemNodes;
    const template = createNodeTemplate(
      `${name}-system`,
      { rootVolumeGiB, ami: "al2023", tags: this.tags },
      { parent: this },
    );
    return new NodeGroup(
      `${name}-system-nodes`,
      {
        clusterName: cluster.name,
        nodeRoleArn: role.arn,
        subnetIds: [...network.privateSubnetIds],
        amiType: "AL2023_x86_64_STANDARD",
        instanceTypes: [...instanceTypes],
        scalingConfig: { minSize: minNodes, desiredSize: minNodes, maxSize: maxNodes },
        updateConfig: { maxUnavailable: 1 },
        nodeRepairConfig: { enabled: true },
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        labels: { "slipway.dev/pool": "system" },
        tags: { ...this.tags },
      },
      { parent: this, dependsOn: [...dependsOn, role] },
    );
  }

  /** The driver of encrypted volumes, which may use their key and no other, and the default StorageClass. */
  private createStorage(
    name: string,
    cluster: Cluster,
    settings: ResolvedCluster,
    nodes: NodeGroup,
    driverPolicy: pulumi.Output<string>,
  ): void {
    const parent = { parent: this };
    const title = `Volumes of the cluster ${name}`;
    const key = createEncryptionKey(`${name}-volumes-key`, title, [], this.tags, parent);
    const { role, grants } = this.createRole(`${name}-volumes`, podIdentityTrust(), [driverPolicy]);
    const keyUse = new RolePolicy(
      `${name}-volumes-key-use`,
      { role: role.name, policy: key.arn.apply(volumeKeyUse) },
      { parent: role },
    );
    const needed = [nodes, ...grants, keyUse];
    const driver = this.createAddon(name, cluster, "aws-ebs-csi-driver", settings, needed, {
      podIdentityAssociations: [{ serviceAccount: "ebs-csi-controller-sa", roleArn: role.arn }],
    });
    new StorageClass(
      `${name}-storage`,
      {
        metadata: {
          name: STORAGE_CLASS,
          annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
        },
        provisioner: "ebs.csi.aws.com",
        parameters: { type: "gp3", encrypted: "true", kmsKeyId: key.arn },
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
        reclaimPolicy: "Delete",
      },
      { parent: this, provider: this.provider, dependsOn: [driver] },
    );
  }
}

/** What EBS does with a volume's key on behalf of its driver. */
function volumeKeyUse(keyArn: string): string {
  return allow(
    {
      actions: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
      resources: [keyArn],
    },
    {
      actions: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
      resources: [keyArn],
      condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  );
}
