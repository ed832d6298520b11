import assert from "node:assert/strict";
import * as fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";
import {
  ApiGateway,
  CertificateAuthority,
  GpuNodePool,
  InferenceService,
  ModelRepository,
  ServerlessEndpoint,
  ServiceRoute,
  ServingCluster,
  ServingNetwork,
  TokenAuthority,
  type MonitoringSettings,
  type ServerlessEndpointArgs,
} from "../../../components";
import { resolveCluster } from "../../../components/cluster/cluster-settings";
import { resolveNetwork } from "../../../components/cluster/network-settings";
import { MODELS } from "../serving/support/service";
import { declare } from "../support/declared";
import { IMAGE } from "../support/examples";
import { arbitraryCluster, arbitraryNetwork, clusterMistake, networkMistake } from "./arbitrary-cluster";
import { arbitraryCollector, collectorMistake, type CollectorSettings } from "./arbitrary-collector";
import { arbitraryGateway } from "./arbitrary-gateway";
import { gatewayMistake, routeMistake, type Mistake } from "./arbitrary-mistakes";
import { arbitrarySite, type SiteSettings } from "./arbitrary-edge";
import { endpointMistake, rolloutMistake, siteMistake, workerMistake } from "./arbitrary-part-mistakes";
import { arbitraryMonitoring, monitoringMistake } from "./arbitrary-monitoring";
import { arbitraryPool, poolMistake } from "./arbitrary-pool";
import { arbitraryRollout, type RolloutSample } from "./arbitrary-rollout";
import { arbitraryRoute } from "./arbitrary-route";
import { arbitraryEndpoint } from "./arbitrary-serverless";
import { arbitraryWorker, type WorkerSettings } from "./arbitrary-worker";
import { partCreator } from "./declared-parts";
import { POOL_CLUSTER } from "./declared-pools";

const RUNS = 150;

/** Whatever else is right, one mistake is refused by its path, before anything but the component itself is declared. */
async function assertRefused(
  component: string,
  arbitrary: fc.Arbitrary<object>,
  mistakes: fc.Arbitrary<Mistake>,
  prepare: () => (name: string, settings: object) => unknown,
): Promise<void> {
  let tries = 0;
  const { resources } = await declare(() => {
    const create = prepare();
    fc.assert(
      fc.property(arbitrary, mistakes, (good, [path, change]) => {
        const name = `wrong${tries++}`;
        assert.throws(
          () => create(name, { ...good, ...change }),
          (error) => {
            assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
            assert.ok(error.message.startsWith(`${component} "${name}": `), error.message);
            const paths = error.errors.map(({ propertyPath }) => propertyPath);
            assert.ok(paths.includes(path), `${path} is not among ${paths.join(", ")}: ${error.message}`);
            return true;
          },
        );
      }),
      { numRuns: RUNS },
    );
  });
  const own = resources.filter(({ name }) => name.startsWith("wrong"));
  assert.equal(own.length, tries);
  for (const { type } of own) assert.equal(type, `slipway:index:${component}`);
}

describe("any mistake in", () => {
  const shared = () => ({
    namespace: "models",
    authority: new CertificateAuthority("authority"),
    tokens: new TokenAuthority("tokens", { issuer: "https://models.example.com" }),
  });

  it("an ApiGateway is refused by its path before anything of it exists", () =>
    assertRefused("ApiGateway", arbitraryGateway, gatewayMistake, () => {
      const args = shared();
      return (name, settings) => new ApiGateway(name, { ...args, ...settings });
    }));

  it("a QueueWorker is refused by its path before anything of it exists", () =>
    assertRefused("QueueWorker", arbitraryWorker, workerMistake, () => {
      const create = partCreator();
      return (name, settings) => create({ worker: settings as WorkerSettings }, name);
    }));

  it("an EdgeSite is refused by its path before anything of it exists", () =>
    assertRefused("EdgeSite", arbitrarySite, siteMistake, () => {
      const create = partCreator();
      return (name, settings) => create({ site: settings as SiteSettings }, name);
    }));

  it("a TelemetryCollector is refused by its path before anything of it exists", () =>
    assertRefused("TelemetryCollector", arbitraryCollector, collectorMistake, () => {
      const create = partCreator();
      return (name, settings) => create({ collector: settings as CollectorSettings }, name);
    }));

  it("a Monitoring is refused by its path before anything of it exists", () =>
    assertRefused("Monitoring", arbitraryMonitoring, monitoringMistake, () => {
      const create = partCreator();
      return (name, settings) => create({ monitoring: settings as MonitoringSettings }, name);
    }));

  it("a Rollout is refused by its path before anything of it exists", () =>
    assertRefused("Rollout", arbitraryRollout, rolloutMistake, () => {
      const create = partCreator();
      return (name, settings) => create({ rollout: settings as RolloutSample }, name);
    }));

  it("a ServerlessEndpoint is refused by its path before anything of it exists", () =>
    assertRefused("ServerlessEndpoint", arbitraryEndpoint, endpointMistake, () => {
      return (name, settings) => new ServerlessEndpoint(name, settings as ServerlessEndpointArgs);
    }));

  it("a ServerlessEndpoint is why it is refused: without one it is declared", async () => {
    const endpoints = fc.sample(arbitraryEndpoint, 5);
    const { resources } = await declare(() =>
      endpoints.forEach((settings, i) => new ServerlessEndpoint(`e${i}`, settings)),
    );
    const functions = resources.filter(({ type }) => type === "aws:lambda/function:Function");
    assert.equal(functions.length, endpoints.length);
  });

  it("a GpuNodePool is refused by its path before anything of it exists", () =>
    assertRefused("GpuNodePool", arbitraryPool, poolMistake, () => {
      return (name, settings) => new GpuNodePool(name, { cluster: POOL_CLUSTER, ...settings });
    }));

  it("a GpuNodePool is why it is refused: without one it is declared", async () => {
    const pools = fc.sample(arbitraryPool, RUNS);
    const { resources } = await declare(() =>
      pools.forEach((settings, i) => new GpuNodePool(`p${i}`, { ...settings, cluster: POOL_CLUSTER })),
    );
    const count = (wanted: string) => resources.filter(({ type }) => type === wanted).length;
    const of = (wanted: string) => pools.filter(({ provisioner = "eks" }) => provisioner === wanted).length;
    assert.equal(count("aws:eks/nodeGroup:NodeGroup"), of("eks"));
    assert.equal(count("kubernetes:karpenter.sh/v1:NodePool"), of("karpenter"));
  });

  const NETWORK = { vpcId: "vpc-1", privateSubnetIds: ["subnet-a", "subnet-b"], publicSubnetIds: [] };

  it("a ServingCluster is refused by its path before anything of it exists", () =>
    assertRefused("ServingCluster", arbitraryCluster, clusterMistake, () => {
      return (name, settings) => new ServingCluster(name, { network: NETWORK, ...settings });
    }));

  it("a ServingNetwork is refused by its path before anything of it exists", () =>
    assertRefused("ServingNetwork", arbitraryNetwork, networkMistake, () => {
      return (name, settings) => new ServingNetwork(name, settings);
    }));

  it("a cluster and its network is why they are refused: without one they are accepted", () => {
    for (const settings of fc.sample(arbitraryCluster, RUNS)) resolveCluster("serving", settings);
    for (const settings of fc.sample(arbitraryNetwork, RUNS)) resolveNetwork("serving", settings);
  });

  it("a ServiceRoute is refused by its path before anything of it exists", () =>
    assertRefused("ServiceRoute", arbitraryRoute, routeMistake, () => {
      const args = shared();
      const gateway = new ApiGateway("gateway", args);
      const repository = new ModelRepository("repository", { models: MODELS });
      const service = new InferenceService("text", { ...args, image: IMAGE, repository, models: MODELS });
      return (name, settings) =>
        new ServiceRoute(name, { gateway, service, authority: args.authority, ...settings });
    }));
});
