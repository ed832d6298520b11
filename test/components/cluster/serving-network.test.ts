import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import * as fc from "fast-check";
import { ServingNetwork, type ServingNetworkArgs } from "../../../components/cluster/serving-network";
import { networkProblem, subnetLayout } from "../../../components/internal/subnets";
import { declare, type Declaration } from "../support/declared";

const network = (args?: ServingNetworkArgs): Promise<Declaration> =>
  declare(() => void new ServingNetwork("net", args));

const ofType = (declaration: Declaration, type: string) =>
  declaration.resources.filter((resource) => resource.type === type);

async function refused(args: ServingNetworkArgs, message: string): Promise<void> {
  await declare(() =>
    assert.throws(() => new ServingNetwork("net", args), { message: `ServingNetwork "net": ${message}` }),
  );
}

describe("ServingNetwork", () => {
  it("keeps nodes in private subnets of three zones, each with a way out of its own", async () => {
    const declared = await network();
    const subnets = ofType(declared, "aws:ec2/subnet:Subnet");
    assert.equal(subnets.length, 6);
    assert.ok(subnets.every(({ inputs }) => inputs.mapPublicIpOnLaunch === false));
    const nodes = subnets.filter(({ inputs }) => inputs.tags["kubernetes.io/role/internal-elb"] === "1");
    assert.deepEqual(
      nodes.map(({ inputs }) => [inputs.availabilityZone, inputs.cidrBlock]),
      [
        ["eu-central-1a", "10.0.0.0/18"],
        ["eu-central-1b", "10.0.64.0/18"],
        ["eu-central-1c", "10.0.128.0/18"],
      ],
    );
    assert.equal(ofType(declared, "aws:ec2/natGateway:NatGateway").length, 3);
    const ways = ofType(declared, "aws:ec2/route:Route").filter(({ inputs }) => inputs.natGatewayId);
    assert.deepEqual(
      ways.map(({ inputs }) => inputs.natGatewayId),
      ["net-nat-0-id", "net-nat-1-id", "net-nat-2-id"],
    );
  });

  it("takes the zones that it is given, and asks AWS for none", async () => {
    const declared = await network({ availabilityZones: ["us-west-1b", "us-west-1c"] });
    const subnets = ofType(declared, "aws:ec2/subnet:Subnet").map(({ inputs }) => inputs.availabilityZone);
    assert.deepEqual([...new Set(subnets)].sort(), ["us-west-1b", "us-west-1c"]);
    assert.equal(subnets.length, 4);
    assert.equal(ofType(declared, "aws:ec2/natGateway:NatGateway").length, 2);
  });

  it("keeps a subnet in the zone that it was made in, whatever AWS lists later", async () => {
    const left = new Map<string, string[] | undefined>();
    const transformations: pulumi.ResourceTransformation[] = [
      ({ type, name, opts }) => {
        if (type === "aws:ec2/subnet:Subnet") left.set(name, opts.ignoreChanges);
        return undefined;
      },
    ];
    await declare(() => new ServingNetwork("net", {}, { transformations }));
    assert.equal(left.size, 6);
    for (const [name, ignored] of left) assert.deepEqual(ignored, ["availabilityZone"], name);
  });

  it("has a third subnet in the zone that the two which are there are not in", async () => {
    const asked = new Map<string, string>();
    const there: Record<string, string> = { 0: "eu-central-1a", 1: "eu-central-1c" };
    await pulumi.runtime.setMocks({
      newResource: ({ type, name, inputs }) => {
        if (type !== "aws:ec2/subnet:Subnet") return { id: name, state: inputs };
        asked.set(name, inputs.availabilityZone);
        return {
          id: name,
          state: { ...inputs, availabilityZone: there[name.at(-1)!] ?? inputs.availabilityZone },
        };
      },
      call: () => ({
        names: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
        region: "eu-central-1",
        accountId: "123456789012",
        partition: "aws",
      }),
    });
    const made = new ServingNetwork("net");
    const ids = pulumi.all([...made.privateSubnetIds, ...made.publicSubnetIds]);
    await new Promise<void>((resolve) => void ids.apply(() => resolve()));
    assert.deepEqual(
      ["net-private-2", "net-public-2"].map((name) => asked.get(name)),
      ["eu-central-1b", "eu-central-1b"],
    );
  });

  it("sends all zones through a single NAT gateway where asked", async () => {
    const declared = await network({ natGateways: "single", zones: 2 });
    const ways = ofType(declared, "aws:ec2/route:Route").filter(({ inputs }) => inputs.natGatewayId);
    assert.deepEqual(
      ways.map(({ inputs }) => inputs.natGatewayId),
      ["net-nat-0-id", "net-nat-0-id"],
    );
  });

  it("gives private subnets no way to the internet without NAT gateways", async () => {
    const routes = ofType(await network({ natGateways: "none" }), "aws:ec2/route:Route");
    assert.deepEqual(
      routes.map(({ name }) => name),
      ["net-public-internet"],
    );
  });

  it("closes the default security group", async () => {
    const [group] = ofType(await network(), "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
    assert.deepEqual([group!.inputs.ingress, group!.inputs.egress], [[], []]);
  });

  it("logs every flow, encrypted, for a year", async () => {
    const declared = await network();
    const [flow] = ofType(declared, "aws:ec2/flowLog:FlowLog");
    assert.equal(flow!.inputs.trafficType, "ALL");
    const [group] = ofType(declared, "aws:cloudwatch/logGroup:LogGroup");
    assert.equal(group!.inputs.retentionInDays, 365);
    assert.match(group!.inputs.kmsKeyId, /net-logs-key$/);
    const [key] = ofType(declared, "aws:kms/key:Key");
    assert.equal(key!.inputs.enableKeyRotation, true);
    const statements = JSON.parse(key!.inputs.policy).Statement;
    assert.equal(statements[1].Principal.Service, "logs.eu-central-1.amazonaws.com");
    assert.deepEqual(statements[1].Condition, {
      ArnLike: {
        "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-central-1:123456789012:*",
      },
    });
  });

  it("reaches AWS services from inside, over HTTPS from the network alone", async () => {
    const declared = await network();
    const endpoints = ofType(declared, "aws:ec2/vpcEndpoint:VpcEndpoint").map(({ inputs }) => [
      inputs.serviceName,
      inputs.vpcEndpointType,
    ]);
    assert.deepEqual(endpoints[0], ["com.amazonaws.eu-central-1.s3", "Gateway"]);
    assert.equal(endpoints.length, 8);
    const [rule] = ofType(declared, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    assert.deepEqual(
      [rule!.inputs.cidrIpv4, rule!.inputs.fromPort, rule!.inputs.toPort],
      ["10.0.0.0/16", 443, 443],
    );
  });

  it("refuses all wrong inputs at once", () =>
    refused(
      { cidr: "10.0.0.0/8", zones: 4, flowLogRetentionDays: 100 },
      '`cidr`: "10.0.0.0/8" must be from /16 to /22: three zones must fit; `zones`: 4 must be 2 or 3; ' +
        "`flowLogRetentionDays`: 100 must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, " +
        "1827, 2192, 2557, 2922, 3288, 3653",
    ));

  it("refuses zones that are none of a region's own, and another number of them", async () => {
    await refused(
      { availabilityZones: ["us-east-1a", "us-east-1-bos-1a", "us-east-1a"], zones: 2 },
      "`zones`: 2 must be 3, as many as `availabilityZones` names, or be left out; " +
        '`availabilityZones[1]`: "us-east-1-bos-1a" must be the name of a region\'s zone, as in "eu-central-1a", and be there once; ' +
        '`availabilityZones[2]`: "us-east-1a" must be the name of a region\'s zone, as in "eu-central-1a", and be there once',
    );
    await refused(
      { availabilityZones: ["us-east-1a"] },
      "`availabilityZones`: must name 2 or 3 zones, not 1",
    );
  });

  it("refuses a network that nodes could not join", () =>
    refused(
      { natGateways: "none", interfaceEndpoints: ["ec2", "sts"] },
      "`interfaceEndpoints`: must have ecr.api, ecr.dkr, eks, eks-auth, logs too: without a NAT gateway nodes cannot join otherwise",
    ));

  it("refuses a range that does not begin where it says", () =>
    refused({ cidr: "10.0.1.0/16" }, '`cidr`: "10.0.1.0/16" must begin at 10.0.0.0/16'));
});

describe("subnetLayout", () => {
  const range = (cidr: string): [number, number] => {
    const [address, prefix] = cidr.split("/") as [string, string];
    const start = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
    return [start, start + 2 ** (32 - Number(prefix))];
  };

  it("cuts any network into ranges that lie inside it and apart from each other", () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 22 }), fc.nat(0xffff), (prefix, seed) => {
        const size = 2 ** (32 - prefix);
        const start = 10 * 2 ** 24 + (seed % (2 ** 24 / size)) * size;
        const text = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join(".");
        const cidr = `${text}/${prefix}`;
        assert.equal(networkProblem(cidr), undefined);
        const layout = subnetLayout(cidr, 3);
        const ranges = [...layout.private, ...layout.public].map(range).sort((a, b) => a[0] - b[0]);
        const [low, high] = range(cidr);
        ranges.forEach(([from, to], i) => {
          assert.ok(from >= low && to <= high);
          if (i > 0) assert.ok(from >= ranges[i - 1]![1]);
          // A /28 is the smallest subnet that AWS makes.
          assert.ok(to - from >= 16);
        });
      }),
    );
  });

  it("does not move a zone's subnets when one is added", () => {
    const two = subnetLayout("10.0.0.0/16", 2);
    const three = subnetLayout("10.0.0.0/16", 3);
    assert.deepEqual(three.private.slice(0, 2), two.private);
    assert.deepEqual(three.public.slice(0, 2), two.public);
  });
});
