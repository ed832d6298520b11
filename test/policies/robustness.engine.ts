import assert from "node:assert";
import fc from "fast-check";
import { catalog } from "../../policies/catalog";
import { POD_TYPES } from "../../policies/model/pods";
import type { RuleConfig } from "../../policies/model/rule";
import type { TypePattern } from "../../policies/model/type-pattern";
import { UNKNOWN_MARKS } from "../../policies/model/unknown";
import { type PlainResource, runRule, UNKNOWN } from "../../policies/testing";
import { awsWorld } from "./support/aws-world";
import { runMatching } from "./support/run-matching";
import { goodWorld } from "./support/world";

/** What rules judge by that are about nothing without it. */
const CONFIG: Readonly<Record<string, RuleConfig>> = {
  "container-image-registry": { allowed: ["registry.example"] },
};

/** A type token that a pattern stands for. */
const concrete = (pattern: TypePattern): string => pattern.replace("*", "v1");

const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    1,
    -1,
    9090,
    "",
    "*",
    "default",
    "HTTP",
    "HTTPS",
    "Service",
    "ALL",
  ),
  fc.constantFrom(...UNKNOWN_MARKS),
  fc.string(),
  fc.json(),
  fc.double(),
);

/** Keys that rules read, so that random objects reach into them, and some that objects have by themselves. */
const key = fc.constantFrom(
  ..."metadata name namespace labels spec template containers initContainers securityContext capabilities drop add".split(
    " ",
  ),
  ..."volumes env value valueFrom rules verbs subjects roleRef data listeners protocol tls targetRefs jwt".split(
    " ",
  ),
  ..."providers parentRefs backendRefs filters selector matchLabels matchExpressions podSelector ingress egress".split(
    " ",
  ),
  ..."policyTypes ports port type items kind sectionName mergeType targetSelectors replicas args image".split(
    " ",
  ),
  ..."policy Statement Effect Principal AWS Action Resource Condition StringEquals Bool bucket encrypted enabled".split(
    " ",
  ),
  ..."settings listeners defaultActions redirect parameters family origins encryptionInfo blockDeviceMappings ebs".split(
    " ",
  ),
  ..."cidrBlocks fromPort toPort metadataOptions networkInterfaces vpcConfig accessConfig assumeRolePolicy".split(
    " ",
  ),
  ..."inlinePolicies grants kubernetesGroups accessScope versioningConfiguration logging enabledClusterLogTypes".split(
    " ",
  ),
  ..."annotations resources limits requests tolerations strategy canary analysis steps weight webhooks values config".split(
    " ",
  ),
  ..."minReplicas maxReplicas scaleTargetRef privateKey to except ipBlock cidr bootstrap telemetry duration".split(
    " ",
  ),
  ..."__proto__ constructor toString length".split(" "),
);

const anything = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 7, depthSize: "large" },
    leaf,
    fc.array(tie("node"), { maxLength: 3 }),
    fc.dictionary(key, tie("node"), { maxKeys: 5 }),
  ),
})).node;

const properties = fc.dictionary(key, anything, { maxKeys: 6 });

/** Replaces one random place of a good object, so that what surrounds it is what rules expect. */
function damaged(resource: PlainResource): fc.Arbitrary<PlainResource> {
  return fc.tuple(fc.nat(), anything).map(([place, value]) => {
    const copy = structuredClone(resource);
    const places: [Record<string, unknown>, string][] = [];
    const visit = (node: unknown): void => {
      if (typeof node !== "object" || node === null) return;
      for (const name of Object.keys(node)) {
        places.push([node as Record<string, unknown>, name]);
        visit((node as Record<string, unknown>)[name]);
      }
    };
    visit(copy.props);
    const [owner, name] = places[place % places.length] ?? [copy.props, "spec"];
    owner[name] = value;
    return copy;
  });
}

/** Properties none of which is known, whatever they are called. */
const allUnknown = new Proxy<Record<string, unknown>>(
  {},
  {
    get: () => UNKNOWN,
    getOwnPropertyDescriptor: () => ({
      value: UNKNOWN,
      configurable: true,
      enumerable: true,
      writable: true,
    }),
  },
);

describe("Every rule", () => {
  for (const { rule } of catalog) {
    it(`${rule.id} survives random properties of its types`, async () => {
      const resource = fc.record({ type: fc.constantFrom(...rule.types.map(concrete)), props: properties });
      await fc.assert(
        fc.asyncProperty(fc.array(resource, { maxLength: 4 }), async (resources) => {
          await runRule(rule, resources, CONFIG[rule.id]);
        }),
        { numRuns: 40 },
      );
    });
  }

  for (const [name, world] of Object.entries({ Kubernetes: goodWorld, AWS: awsWorld })) {
    it(`survives a good stack of ${name} with one place damaged`, async () => {
      const resources = Object.values(world());
      const stack = fc
        .nat(resources.length - 1)
        .chain((index) =>
          damaged(resources[index] as PlainResource).map((broken) =>
            resources.map((resource, i) => (i === index ? broken : resource)),
          ),
        );
      await fc.assert(
        fc.asyncProperty(stack, async (broken) => {
          await runMatching(broken);
        }),
        { numRuns: 100 },
      );
    });
  }

  it("passes nothing in silence whose properties are all unknown", async () => {
    // That something is a patch, or of which version of the API, is known whatever its properties are.
    const byType = ["patch-resource", "api-version-removed"];
    const others = catalog.filter(({ rule }) => rule.scope === "resource" && !byType.includes(rule.id));
    for (const { rule } of others) {
      for (const type of rule.types.map(concrete)) {
        const states = (await runRule(rule, [{ type, props: allUnknown }], CONFIG[rule.id])).map(
          ({ state }) => state,
        );
        assert.deepStrictEqual([...new Set(states)], ["indeterminate"], `${rule.id} on ${type}`);
      }
    }
  });

  it("reads no more than its share of a large stack", async () => {
    const size = 120;
    const grow = (times: number): PlainResource[] =>
      Array.from({ length: times }, (_, i) =>
        Object.values(
          JSON.parse(JSON.stringify(goodWorld()).replaceAll('"team"', `"team-${i}"`)) as Record<
            string,
            PlainResource
          >,
        ),
      ).flat();
    const time = async (resources: PlainResource[]): Promise<number> => {
      const start = process.hrtime.bigint();
      for (const { rule } of catalog) if (rule.scope === "stack") await runRule(rule, resources);
      return Number(process.hrtime.bigint() - start);
    };
    await time(grow(10));
    const small = await time(grow(size / 10));
    const large = await time(grow(size));
    // Linear is 10; quadratic would be 100. The rest is room for a busy machine.
    assert.ok(large / small < 40, `ten times the resources took ${(large / small).toFixed(1)} times as long`);
  });
});

describe("A pod rule", () => {
  const bad = {
    hostNetwork: true,
    containers: [{ name: "c", image: "c:1", securityContext: { privileged: true } }],
  };
  const rules = catalog
    .map(({ rule }) => rule)
    .filter((rule) => ["pod-host-namespaces", "container-privileged"].includes(rule.id));
  const template = { metadata: {}, spec: bad };
  const shapes: Readonly<Record<string, Record<string, unknown>>> = {
    Pod: template,
    PodTemplate: { template },
    CronJob: { spec: { jobTemplate: { spec: { template } } } },
    ScaledJob: { spec: { jobTargetRef: { template } } },
    JobSet: { spec: { replicatedJobs: [{ name: "w", template: { spec: { template } } }] } },
    LeaderWorkerSet: { spec: { leaderWorkerTemplate: { workerTemplate: template } } },
    PyTorchJob: { spec: { pytorchReplicaSpecs: { Worker: { template } } } },
    TFJob: { spec: { tfReplicaSpecs: { Worker: { template } } } },
    MPIJob: { spec: { mpiReplicaSpecs: { Launcher: { template } } } },
    RayCluster: { spec: { workerGroupSpecs: [{ template }] } },
    RayService: { spec: { rayClusterConfig: { headGroupSpec: { template } } } },
    RayJob: { spec: { rayClusterSpec: { headGroupSpec: { template } } } },
    InferenceService: { spec: { predictor: bad } },
  };
  for (const type of POD_TYPES.map(concrete)) {
    it(`finds the pods of ${type}`, async () => {
      const props = shapes[type.split(":").at(-1) ?? ""] ?? { spec: { template } };
      for (const rule of rules) {
        const found = await runRule(rule, [{ type, props }]);
        assert.deepStrictEqual(
          found.map(({ state }) => state),
          ["fail"],
        );
      }
    });
  }
});
