import * as fc from "fast-check";
import type { GpuNodePoolArgs, PoolSettings } from "../../../components";
import { GPU_INSTANCE_TYPES, type GpuInstanceType } from "../../../components/internal/gpu-instance-types";
import { migProfiles } from "../../../components/internal/gpu-models";
import type { Mistake } from "./arbitrary-mistakes";

type Settings = Readonly<PoolSettings>;

const TYPES = Object.entries(GPU_INSTANCE_TYPES);

/** Types of one pool have an architecture in common, and as many GPUs and the same layout of cards, for whoever asks for that. */
const alike = (a: GpuInstanceType, b: GpuInstanceType) =>
  a.arch === b.arch && a.count === b.count && a.gpu === b.gpu && a.firstEfaCard === b.firstEfaCard;

const instanceTypes = fc.constantFrom(...TYPES).chain(([name, type]) => {
  const others = TYPES.filter(([other, its]) => other !== name && alike(type, its)).map(([other]) => other);
  return fc.subarray(others, { maxLength: Math.min(4, others.length) }).map((more) => [name, ...more]);
});

const labelText = fc.stringMatching(/^[a-z0-9]([-a-z0-9_.]{0,30}[A-Z0-9])?$/);
const labels = fc.dictionary(
  fc.oneof(
    labelText,
    labelText.map((name) => `example.com/${name}`),
  ),
  labelText,
  {
    maxKeys: 3,
    noNullPrototype: true,
  },
);
const taints = fc.uniqueArray(
  fc.record(
    {
      key: labelText,
      value: labelText,
      effect: fc.constantFrom("NoSchedule" as const, "PreferNoSchedule" as const, "NoExecute" as const),
    },
    { requiredKeys: ["key", "effect"] },
  ),
  { maxLength: 3, selector: ({ key, effect }) => `${key}:${effect}` },
);
const tags = fc.dictionary(
  fc.stringMatching(/^[a-zA-Z][ \w.:/=+@-]{0,40}$/),
  fc.stringMatching(/^[ \w.:/=+@-]{0,40}$/),
  {
    maxKeys: 3,
    noNullPrototype: true,
  },
);

/** Nodes of any provisioner that makes some. */
const nodes = fc.record(
  {
    ami: fc.constantFrom("al2023" as const, "bottlerocket" as const),
    rootVolumeGiB: fc.integer({ min: 50, max: 16_384 }),
    labels,
    taints,
    tags: tags.filter((given) => !Object.keys(given).some((key) => /^aws:/i.test(key))),
  },
  { requiredKeys: [] },
);

const zone = fc.constantFrom("eu-central-1a", "eu-central-1b");
const reservation = fc.constant("cr-0123456789abcdef0");

/** Pools of Karpenter's that nothing is wrong with. */
export const arbitraryKarpenterPool: fc.Arbitrary<Settings> = fc
  .tuple(
    instanceTypes,
    nodes,
    fc.oneof(
      fc.record({ capacity: fc.constantFrom("on-demand" as const, "spot" as const) }),
      fc.record({ capacity: fc.constant("capacity-block" as const), capacityReservationId: reservation }),
    ),
    fc.record({ maxNodes: fc.integer({ min: 1, max: 1000 }), availabilityZone: zone }, { requiredKeys: [] }),
  )
  .map(([types, given, purchase, more]) => ({
    provisioner: "karpenter",
    instanceTypes: types,
    ...given,
    ...purchase,
    ...more,
  }));

/** How the GPUs of one type can be shared. */
const sharingOf = (name: string, ami: string): fc.Arbitrary<NonNullable<Settings["sharing"]>> => {
  const { gpu, memoryMiB } = GPU_INSTANCE_TYPES[name]!;
  const profiles = Object.keys(migProfiles(gpu, memoryMiB, ami) ?? {});
  const replicas = fc.integer({ min: 2, max: 48 });
  return fc.oneof(
    fc.constant({ mode: "none" as const }),
    fc.record({ mode: fc.constantFrom("time-slicing" as const, "mps" as const), replicas }),
    ...(profiles.length === 0
      ? []
      : [fc.record({ mode: fc.constant("mig" as const), profile: fc.constantFrom(...profiles) })]),
  );
};

const isReserved = ({ capacityReservationId }: Settings) => capacityReservationId !== undefined;

/** Groups of EKS that nothing is wrong with. */
export const arbitraryGroup: fc.Arbitrary<Settings> = fc
  .tuple(
    instanceTypes,
    nodes,
    fc.oneof(
      fc.record({ capacity: fc.constantFrom("on-demand" as const, "spot" as const) }),
      fc.record({
        capacity: fc.constantFrom("on-demand" as const, "capacity-block" as const),
        capacityReservationId: reservation,
        availabilityZone: zone,
      }),
    ),
    fc.record({ minNodes: fc.integer({ min: 1, max: 50 }), autoscaled: fc.boolean() }),
    fc.record({ wantsEfa: fc.boolean(), availabilityZone: zone }),
    fc.nat({ max: 50 }),
  )
  .chain(([types, given, purchase, size, fabric, more]) => {
    const chosen = isReserved(purchase) ? types.slice(0, 1) : types;
    const efa = fabric.wantsEfa && chosen.every((name) => GPU_INSTANCE_TYPES[name]!.efaInterfaces > 0);
    // Those that are alike have the same memory but for the A100, whose two sizes are cut apart.
    const cut = new Set(chosen.map((name) => GPU_INSTANCE_TYPES[name]!.memoryMiB)).size === 1;
    const sharing = cut
      ? sharingOf(chosen[0]!, given.ami ?? "al2023")
      : fc.constant({ mode: "none" as const });
    return sharing.map((shared) => ({
      instanceTypes: chosen,
      ...given,
      ...(efa ? { efa, availabilityZone: fabric.availabilityZone } : {}),
      ...purchase,
      ...size,
      maxNodes: size.minNodes + more,
      sharing: shared,
    }));
  });

/** Nodes that are there. */
const arbitraryExisting: fc.Arbitrary<Settings> = fc
  .record(
    {
      nodeSelector: labels,
      gpusPerNode: fc.integer({ min: 1, max: 16 }),
      maxNodes: fc.integer({ min: 1, max: 1000 }),
      taints,
    },
    { requiredKeys: [] },
  )
  .map((given) => ({ provisioner: "existing", ...given }));

/** Settings of a pool that nothing is wrong with. */
export const arbitraryPool = fc.oneof(arbitraryGroup, arbitraryKarpenterPool, arbitraryExisting);

const notWhole = fc.constantFrom(0.5, 1.5, 99.25, NaN, Infinity, -Infinity);
const below = (least: number) => fc.oneof(fc.integer({ max: least - 1 }), notWhole);
const at = (path: string, values: fc.Arbitrary<unknown>): fc.Arbitrary<Mistake> =>
  values.map((value) => [path, { [path]: value }]);

/** What replaces whatever a pool was, so that nothing but the mistake is wrong with it. */
const group = (change: GpuNodePoolArgs): object => ({
  ...Object.fromEntries(
    [
      "capacity",
      "capacityReservationId",
      "availabilityZone",
      "autoscaled",
      "ami",
      "efa",
      "sharing",
      "nodeSelector",
      "gpusPerNode",
    ].map((field) => [field, undefined]),
  ),
  provisioner: "eks",
  instanceTypes: ["g6.xlarge"],
  minNodes: 1,
  maxNodes: 2,
  ...change,
});
const wrong = (path: string, change: GpuNodePoolArgs): Mistake => [path, group(change)];
const karpenter = (path: string, change: GpuNodePoolArgs): Mistake => [
  path,
  group({ provisioner: "karpenter", minNodes: undefined, autoscaled: undefined, ...change }),
];

/** Mistakes in what a GpuNodePool is told. */
export const poolMistake: fc.Arbitrary<Mistake> = fc.oneof(
  at("provisioner", fc.constantFrom("", "EKS", "fargate")),
  at("capacity", fc.constantFrom("", "ondemand", "SPOT")),
  at("ami", fc.constantFrom("", "al2", "ubuntu")),
  at("maxNodes", fc.oneof(below(1), fc.constantFrom(100_001, 1e21))),
  at("minNodes", below(0)),
  at("rootVolumeGiB", fc.oneof(below(50), fc.constantFrom(16_385, 99_999, 1e21))),
  at("availabilityZone", fc.constantFrom("", "a", "eu-central-1", "eu central 1a", "EU-CENTRAL-1A")),
  at("capacityReservationId", fc.constantFrom("", "cr-", "cr-xyz", "sr-0123456789abcdef0")),
  fc
    .constantFrom("", "g6", "m7i.large", "g6.tiny", "G6.xlarge", "toString")
    .map((name) => wrong("instanceTypes[0]", { instanceTypes: [name] })),
  fc
    .constantFrom("timeslicing", "", "MIG", "toString")
    .map((mode) => wrong("sharing.mode", { sharing: { mode: mode as never } })),
  fc
    .oneof(below(2), fc.integer({ min: 49 }))
    .map((replicas) => wrong("sharing.replicas", { sharing: { mode: "mps", replicas } })),
  fc
    .constantFrom("bad key!", "", "a/b/c", "-a", "x".repeat(64), "A_B.example/x")
    .map((key): Mistake => wrong(`labels["${key}"]`, { labels: { [key]: "x" } })),
  fc
    .constantFrom(
      "kubernetes.io/hostname",
      "topology.kubernetes.io/zone",
      "node.kubernetes.io/instance-type",
      "karpenter.sh/foo",
      "karpenter.k8s.aws/foo",
      "eks.amazonaws.com/nodegroup",
      "slipway.dev/pool",
      "nvidia.com/gpu.deploy.operands",
    )
    .chain((key) =>
      fc.constantFrom(wrong, karpenter).map((as) => as(`labels["${key}"]`, { labels: { [key]: "x" } })),
    ),
  fc
    .constantFrom("", "a b", "-a")
    .map((key) => wrong("taints[0].key", { taints: [{ key, effect: "NoExecute" }] })),
  fc
    .constantFrom("", "Never", "noschedule")
    .map((effect) => wrong("taints[0].effect", { taints: [{ key: "a", effect: effect as never }] })),
  fc
    .constantFrom("", "a b", "-a", "ü")
    .map((value) => wrong("taints[0].value", { taints: [{ key: "a", value, effect: "NoExecute" }] })),
  fc
    .constantFrom("aws:foo", "AWS:foo", "", "a\nb", "<x>", "x".repeat(129))
    .map((key) => wrong(`tags["${key}"]`, { tags: { [key]: "x" } })),
  fc
    .constantFrom("kubernetes.io/cluster/x", "karpenter.sh/nodepool", "eks:eks-cluster-name")
    .map((key) => karpenter(`tags["${key}"]`, { tags: { [key]: "x" } })),
  fc.constantFrom<Mistake>(
    wrong("instanceTypes", { instanceTypes: [] }),
    wrong("instanceTypes", { instanceTypes: ["g5.xlarge", "g5g.xlarge"] }),
    wrong("instanceTypes[1]", { instanceTypes: ["g5.xlarge", "g5.xlarge"] }),
    wrong("maxNodes", { minNodes: 3, maxNodes: 2 }),
    wrong("minNodes", { minNodes: 0 }),
    wrong("efa", { efa: true, availabilityZone: "eu-central-1a" }),
    wrong("availabilityZone", { efa: true, instanceTypes: ["p4d.24xlarge"] }),
    wrong("availabilityZone", {
      capacity: "capacity-block",
      capacityReservationId: "cr-0123456789abcdef0",
      instanceTypes: ["p4d.24xlarge"],
    }),
    wrong("capacityReservationId", { capacity: "capacity-block" }),
    wrong("capacityReservationId", { capacity: "spot", capacityReservationId: "cr-0123456789abcdef0" }),
    wrong("sharing.mode", { sharing: { mode: "mig", profile: "1g.5gb" } }),
    wrong("sharing.profile", { sharing: { mode: "mig" } }),
    wrong("sharing.profile", {
      instanceTypes: ["p4d.24xlarge"],
      sharing: { mode: "mig", profile: "1g.6gb" },
    }),
    wrong("sharing.profile", {
      instanceTypes: ["p5e.48xlarge"],
      ami: "bottlerocket",
      sharing: { mode: "mig", profile: "4g.71gb" },
    }),
    wrong("sharing.replicas", { sharing: { replicas: 2 } }),
    wrong("gpusPerNode", { gpusPerNode: 2 }),
    wrong("nodeSelector", { nodeSelector: { a: "b" } }),
    wrong("taints[0]", { taints: [{ key: "nvidia.com/gpu", effect: "NoSchedule" }] }),
    karpenter("instanceTypes", { instanceTypes: ["g6.xlarge", "g6.12xlarge"] }),
    karpenter("minNodes", { minNodes: 1 }),
    karpenter("autoscaled", { autoscaled: true }),
    karpenter("sharing.mode", { sharing: { mode: "mps", replicas: 2 } }),
    karpenter("efa", { instanceTypes: ["p4d.24xlarge"], efa: true }),
  ),
);
