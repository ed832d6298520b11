import assert from "node:assert/strict";
import * as fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";
import {
  ApiGateway,
  CertificateAuthority,
  InferenceService,
  ModelRepository,
  ServerlessEndpoint,
  ServiceRoute,
  TokenAuthority,
  type MonitoringSettings,
  type ServerlessEndpointArgs,
} from "../../../components";
import { MODELS } from "../serving/support/service";
import { declare } from "../support/declared";
import { IMAGE } from "../support/examples";
import { arbitraryCollector, collectorMistake, type CollectorSettings } from "./arbitrary-collector";
import { arbitraryGateway } from "./arbitrary-gateway";
import { gatewayMistake, routeMistake, type Mistake } from "./arbitrary-mistakes";
import { arbitrarySite, type SiteSettings } from "./arbitrary-edge";
import { endpointMistake, rolloutMistake, siteMistake, workerMistake } from "./arbitrary-part-mistakes";
import { arbitraryMonitoring, monitoringMistake } from "./arbitrary-monitoring";
import { arbitraryRollout, type RolloutSample } from "./arbitrary-rollout";
import { arbitraryRoute } from "./arbitrary-route";
import { arbitraryEndpoint } from "./arbitrary-serverless";
import { arbitraryWorker, type WorkerSettings } from "./arbitrary-worker";
import { partCreator } from "./declared-parts";

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
