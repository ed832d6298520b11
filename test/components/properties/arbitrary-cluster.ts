import * as fc from "fast-check";
import type { ClusterSettings } from "../../../components";
import type { NetworkSettings } from "../../../components/cluster/network-settings";
import type { Mistake } from "./arbitrary-mistakes";

const RETENTION = [1, 30, 365, 3653];

/** Addresses that people have on the internet. */
const publicCidr = fc
  .tuple(fc.constantFrom(1, 8, 52, 203), fc.nat({ max: 255 }), fc.integer({ min: 16, max: 32 }))
  .map(([a, b, length]) => `${a}.${b}.0.0/${length}`);

const systemNodes = fc
  .record({
    instanceTypes: fc.subarray(
      ["m7i.large", "m6a.2xlarge", "c7i-flex.4xlarge", "t3.medium", "m7i.metal-24xl"],
      {
        minLength: 1,
      },
    ),
    minNodes: fc.integer({ min: 1, max: 5 }),
    more: fc.nat({ max: 5 }),
    rootVolumeGiB: fc.integer({ min: 20, max: 16_384 }),
  })
  .map(({ more, ...nodes }) => ({ ...nodes, maxNodes: nodes.minNodes + more }));

/** Settings of a cluster that nothing is wrong with. */
export const arbitraryCluster: fc.Arbitrary<ClusterSettings> = fc.record(
  {
    version: fc.constantFrom("1.33", "1.35"),
    administrators: fc.subarray(
      ["arn:aws:iam::123456789012:role/platform", "arn:aws-us-gov:iam::123456789012:user/a/b"],
      { minLength: 1 },
    ),
    publicAccessCidrs: fc.array(publicCidr, { maxLength: 3 }),
    logRetentionDays: fc.constantFrom(...RETENTION),
    deletionProtection: fc.boolean(),
    systemNodes,
    tags: fc.constant({ "cost centre": "a/b" }),
  },
  { requiredKeys: [] },
);

/** Settings of a network that nothing is wrong with. */
export const arbitraryNetwork: fc.Arbitrary<NetworkSettings> = fc.record(
  {
    cidr: fc.constantFrom("10.0.0.0/16", "10.128.64.0/18", "172.16.4.0/22", "192.168.0.0/20"),
    zones: fc.constantFrom(2, 3),
    natGateways: fc.constantFrom("one-per-zone" as const, "single" as const, "none" as const),
    flowLogRetentionDays: fc.constantFrom(...RETENTION),
  },
  { requiredKeys: [] },
);

const at = (path: string, values: fc.Arbitrary<unknown>): fc.Arbitrary<Mistake> =>
  values.map((value) => [path, { [path]: value }]);

const noRetention = fc.constantFrom(0, 2, 366, -1, 1.5, NaN, Infinity);

const nodes = (path: string, change: object): Mistake => [
  path === "" ? "systemNodes" : `systemNodes.${path}`,
  { systemNodes: change },
];

/** Mistakes in what a ServingCluster is told. */
export const clusterMistake: fc.Arbitrary<Mistake> = fc.oneof(
  at("version", fc.constantFrom("", "1", "1.5", "1.35.1", "v1.35", "latest")),
  at("logRetentionDays", noRetention),
  fc
    .constantFrom(
      "0.0.0.0/0",
      "0.0.0.0/1",
      "10.0.0.0/8",
      "172.20.0.0/16",
      "192.168.1.1/32",
      "127.0.0.1/32",
      "a/8",
      "::/0",
      "",
    )
    .map((cidr): Mistake => ["publicAccessCidrs[0]", { publicAccessCidrs: [cidr] }]),
  fc
    .constantFrom("", "platform", "arn:aws:iam::1:role/x", "arn:aws:s3:::bucket")
    .map((arn): Mistake => ["administrators[0]", { administrators: [arn] }]),
  fc
    .constantFrom("", "nonsense", "m7i", "m7i.huge", "M7i.large", "m7g.large", "t4g.small", "r8gd.4xlarge")
    .map((name) => nodes("instanceTypes[0]", { instanceTypes: [name] })),
  fc
    .constantFrom(0, 19, 20.5, 16_385, 1e21, NaN)
    .map((rootVolumeGiB) => nodes("rootVolumeGiB", { rootVolumeGiB })),
  fc.constantFrom<Mistake>(
    ["administrators", { creatorAdministers: false, administrators: [] }],
    ["addonVersions.cni", { addonVersions: { cni: "v1" } }],
    ['tags["aws:x"]', { tags: { "aws:x": "y" } }],
    nodes("instanceTypes", { instanceTypes: [] }),
    nodes("instanceTypes[1]", { instanceTypes: ["m7i.large", "m7i.large"] }),
    nodes("", { minNodes: 0 }),
    nodes("", { minNodes: 3, maxNodes: 2 }),
    nodes("", { minNodes: 1.5 }),
  ),
);

/** Mistakes in what a ServingNetwork is told. */
export const networkMistake: fc.Arbitrary<Mistake> = fc.oneof(
  at(
    "cidr",
    fc.constantFrom("", "10.0.0.0", "10.0.0.0/8", "10.0.0.0/23", "10.0.1.0/16", "300.0.0.0/16", "fd00::/16"),
  ),
  at("zones", fc.constantFrom(0, 1, 4, 2.5, NaN)),
  at("natGateways", fc.constantFrom("", "two", "NONE")),
  at("flowLogRetentionDays", noRetention),
  fc
    .constantFrom("", "ECR", "a b", "com/amazonaws")
    .map((service): Mistake => [
      "interfaceEndpoints[0]",
      { interfaceEndpoints: [service], natGateways: "single" },
    ]),
  fc.constant<Mistake>(["interfaceEndpoints", { interfaceEndpoints: ["sts"], natGateways: "none" }]),
);
