import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import { DefaultSecurityGroup } from "@pulumi/aws/ec2/defaultSecurityGroup";
import { Eip } from "@pulumi/aws/ec2/eip";
import { FlowLog } from "@pulumi/aws/ec2/flowLog";
import { InternetGateway } from "@pulumi/aws/ec2/internetGateway";
import { NatGateway } from "@pulumi/aws/ec2/natGateway";
import { Route } from "@pulumi/aws/ec2/route";
import { RouteTable } from "@pulumi/aws/ec2/routeTable";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup";
import { Subnet } from "@pulumi/aws/ec2/subnet";
import { Vpc } from "@pulumi/aws/ec2/vpc";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule";
import * as pulumi from "@pulumi/pulumi";
import { allow, serviceTrust } from "../internal/aws-policies";
import { createEncryptionKey, LOG_GROUPS } from "../internal/encryption-key";
import { subnetLayout } from "../internal/subnets";
import { resolveNetwork, type NetworkSettings } from "./network-settings";
import { networkZones, nextZone, warnOfOtherZone } from "./network-zones";

/** Inputs of a ServingNetwork; every setting has a default. */
export type ServingNetworkArgs = NetworkSettings;

/** What a cluster needs of a network, whether this component made it or it was there. */
export interface NetworkReference {
  readonly vpcId: pulumi.Input<string>;
  /** One per zone, for nodes and internal load balancers. */
  readonly privateSubnetIds: readonly pulumi.Input<string>[];
  /** One per zone, for load balancers that face the internet; none where there are none. */
  readonly publicSubnetIds: readonly pulumi.Input<string>[];
}

/**
 * A VPC for a serving cluster: private subnets for nodes in two or three zones, public ones for load balancers alone, AWS
 * services through endpoints, every flow logged, and a default security group that lets nothing through.
 *
 * @example
 * const network = new ServingNetwork("serving", { cidr: "10.20.0.0/16", zones: 3 });
 * export const nodeSubnets = network.privateSubnetIds;
 */
export class ServingNetwork extends pulumi.ComponentResource implements NetworkReference {
  readonly vpcId: pulumi.Output<string>;
  readonly privateSubnetIds: readonly pulumi.Output<string>[];
  readonly publicSubnetIds: readonly pulumi.Output<string>[];
  readonly cidr: string;
  private readonly tags: Readonly<Record<string, string>>;

  constructor(name: string, args: ServingNetworkArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:ServingNetwork", name, {}, opts);
    const settings = resolveNetwork(name, args);
    const { cidr, zones: zoneCount } = settings;
    this.cidr = cidr;
    this.tags = settings.tags;
    const parent = { parent: this };

    const vpc = new Vpc(
      `${name}-vpc`,
      { cidrBlock: cidr, enableDnsHostnames: true, enableDnsSupport: true, tags: this.named(name) },
      parent,
    );
    // Adopted only to be emptied: AWS lets everything through it, and gives it to whatever names no other.
    new DefaultSecurityGroup(
      `${name}-default`,
      { vpcId: vpc.id, ingress: [], egress: [], tags: this.named(`${name}-default-closed`) },
      parent,
    );
    this.createFlowLog(name, vpc, settings.flowLogRetentionDays);

    const zones = networkZones(name, settings, vpc.id, this);
    const layout = subnetLayout(cidr, zoneCount);
    const subnets = (kind: "private" | "public", role: string) =>
      layout[kind].reduce<Subnet[]>((made, block, i) => {
        const taken = pulumi.all(made.map(({ availabilityZone }) => availabilityZone));
        const zone = pulumi.all([zones, taken]).apply(([names, others]) => nextZone(names, others));
        return [...made, this.createSubnet(`${name}-${kind}-${i}`, vpc, zone, block, role, settings)];
      }, []);
    const publicSubnets = subnets("public", "kubernetes.io/role/elb");
    const privateSubnets = subnets("private", "kubernetes.io/role/internal-elb");

    const gateway = new InternetGateway(
      `${name}-internet`,
      { vpcId: vpc.id, tags: this.named(name) },
      parent,
    );
    const publicTable = this.createRouteTable(`${name}-public`, vpc, publicSubnets);
    new Route(
      `${name}-public-internet`,
      { routeTableId: publicTable.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      parent,
    );
    const privateTables = privateSubnets.map((subnet, i) =>
      this.createRouteTable(`${name}-private-${i}`, vpc, [subnet]),
    );
    const natCount = { "one-per-zone": zoneCount, single: 1, none: 0 }[settings.natGateways];
    const nats = publicSubnets
      .slice(0, natCount)
      .map((subnet, i) => this.createNat(`${name}-nat-${i}`, subnet, gateway));
    privateTables.forEach((table, i) => {
      const nat = nats[i] ?? nats[0];
      if (!nat) return;
      new Route(
        `${name}-private-${i}-nat`,
        { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: nat.id },
        parent,
      );
    });
    this.createEndpoints(name, vpc, privateSubnets, privateTables, settings.interfaceEndpoints);

    this.vpcId = vpc.id;
    this.privateSubnetIds = privateSubnets.map((subnet) => subnet.id);
    this.publicSubnetIds = publicSubnets.map((subnet) => subnet.id);
    this.registerOutputs({
      vpcId: this.vpcId,
      privateSubnetIds: [...this.privateSubnetIds],
      publicSubnetIds: [...this.publicSubnetIds],
    });
  }

  private named(name: string): Record<string, string> {
    return { ...this.tags, Name: name };
  }

  private createSubnet(
    name: string,
    vpc: Vpc,
    availabilityZone: pulumi.Output<string | undefined>,
    cidrBlock: string,
    role: string,
    { availabilityZones }: NetworkSettings,
  ): Subnet {
    const subnet = new Subnet(
      name,
      {
        vpcId: vpc.id,
        availabilityZone,
        cidrBlock,
        // Nodes and load balancers get the addresses they ask for; nothing gets a public one by being here.
        mapPublicIpOnLaunch: false,
        tags: { ...this.named(name), [role]: "1" },
      },
      // A zone that is out of order moves the others up in AWS' list: what was made in one would be replaced by another's.
      { parent: this, ignoreChanges: ["availabilityZone"] },
    );
    if (availabilityZones) {
      subnet.availabilityZone.apply((zone) => warnOfOtherZone(name, zone, availabilityZones, subnet));
    }
    return subnet;
  }

  private createRouteTable(name: string, vpc: Vpc, subnets: readonly Subnet[]): RouteTable {
    const table = new RouteTable(name, { vpcId: vpc.id, tags: this.named(name) }, { parent: this });
    subnets.forEach((subnet, i) => {
      new RouteTableAssociation(
        subnets.length === 1 ? `${name}-association` : `${name}-association-${i}`,
        { routeTableId: table.id, subnetId: subnet.id },
        { parent: this },
      );
    });
    return table;
  }

  private createNat(name: string, subnet: Subnet, gateway: InternetGateway): NatGateway {
    const address = new Eip(
      `${name}-address`,
      { domain: "vpc", tags: this.named(name) },
      { parent: this, dependsOn: [gateway] },
    );
    return new NatGateway(
      name,
      { subnetId: subnet.id, allocationId: address.allocationId, tags: this.named(name) },
      { parent: this, dependsOn: [gateway] },
    );
  }

  private createFlowLog(name: string, vpc: Vpc, retentionInDays: number): void {
    const parent = { parent: this };
    const key = createEncryptionKey(
      `${name}-logs-key`,
      `Flow logs of ${name}`,
      [LOG_GROUPS],
      this.tags,
      parent,
    );
    const group = new LogGroup(
      `${name}-flow-logs`,
      { kmsKeyId: key.arn, retentionInDays, tags: this.named(`${name}-flow-logs`) },
      parent,
    );
    const role = new Role(
      `${name}-flow-logs-role`,
      { assumeRolePolicy: serviceTrust("vpc-flow-logs.amazonaws.com"), tags: { ...this.tags } },
      parent,
    );
    const policy = new RolePolicy(
      `${name}-flow-logs-policy`,
      {
        role: role.name,
        policy: group.arn.apply((arn) =>
          allow({
            actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            resources: [arn, `${arn}:*`],
          }),
        ),
      },
      parent,
    );
    new FlowLog(
      `${name}-flow-log`,
      {
        vpcId: vpc.id,
        trafficType: "ALL",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 60,
        tags: this.named(name),
      },
      { parent: this, dependsOn: [policy] },
    );
  }

  private createEndpoints(
    name: string,
    vpc: Vpc,
    subnets: readonly Subnet[],
    tables: readonly RouteTable[],
    services: readonly string[],
  ): void {
    const { region } = getRegionOutput({}, { parent: this });
    new VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: vpc.id,
        serviceName: pulumi.interpolate`com.amazonaws.${region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: tables.map((table) => table.id),
        tags: this.named(`${name}-s3`),
      },
      { parent: this },
    );
    if (services.length === 0) return;
    const group = new SecurityGroup(
      `${name}-endpoints`,
      {
        vpcId: vpc.id,
        description: "AWS services, from inside the network only",
        tags: this.named(`${name}-endpoints`),
      },
      { parent: this },
    );
    new SecurityGroupIngressRule(
      `${name}-endpoints-https`,
      {
        securityGroupId: group.id,
        description: "HTTPS from the network",
        cidrIpv4: this.cidr,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
      },
      { parent: this },
    );
    for (const service of services) {
      new VpcEndpoint(
        `${name}-${service.replaceAll(".", "-")}`,
        {
          vpcId: vpc.id,
          serviceName: pulumi.interpolate`com.amazonaws.${region}.${service}`,
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: subnets.map((subnet) => subnet.id),
          securityGroupIds: [group.id],
          tags: this.named(`${name}-${service}`),
        },
        { parent: this },
      );
    }
  }
}
