import assert from "node:assert";
import * as fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";
import { CertificateAuthority, InferenceService, ModelRepository } from "../../../components";
import { parseServerOptions } from "../../../runtime/options";
import { declare, type Declared } from "../support/declared";
import { IMAGE } from "../support/examples";
import { arbitraryMistake, arbitraryService } from "./support/arbitrary-service";
import { MODELS, SCRAPER } from "./support/service";

const UNITS: Record<string, number> = { m: 0.001, "": 1, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

function quantity(text: string): number {
  const [, number, unit] = /^(\d+)(\D*)$/.exec(text)!;
  return Number(number) * UNITS[unit!]!;
}

/** Everything that random services declare, by the service's name. */
async function declareAll(settings: readonly object[]): Promise<Map<string, Declared[]>> {
  const { resources } = await declare(() => {
    const repository = new ModelRepository("models", { models: MODELS });
    const authority = new CertificateAuthority("authority");
    settings.forEach(
      (each, i) =>
        new InferenceService(`s${i}`, {
          ...each,
          namespace: "ns",
          image: IMAGE,
          repository,
          authority,
          models: MODELS,
          scrapers: [SCRAPER],
        }),
    );
  });
  const own = (i: number) => resources.filter(({ name }) => name === `s${i}` || name.startsWith(`s${i}-`));
  return new Map(settings.map((_, i) => [`s${i}`, own(i)]));
}

describe("any InferenceService", () => {
  const settings = fc.sample(arbitraryService, 40);
  let declared: Map<string, Declared[]>;
  before(async () => {
    declared = await declareAll(settings);
  });

  /** Runs a check on each of them; what fails names its settings. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const each = (check: (object: (kind: string) => any, given: (typeof settings)[number]) => void) =>
    settings.forEach((given, i) => {
      const own = declared.get(`s${i}`)!;
      try {
        check((kind) => own.find(({ inputs }) => inputs.kind === kind)?.inputs, given);
      } catch (error) {
        throw new Error(`${JSON.stringify(given)}: ${(error as Error).message}`, { cause: error });
      }
    });

  it("reserves no more than it may use, and GPUs to the same number", () =>
    each((object, { gpus = 0 }) => {
      const { containers } = object("Deployment").spec.template.spec;
      const { requests, limits } = containers[0].resources;
      assert.ok(quantity(requests.cpu) <= quantity(limits.cpu));
      assert.ok(quantity(requests.memory) <= quantity(limits.memory));
      assert.equal(requests["nvidia.com/gpu"], limits["nvidia.com/gpu"]);
      assert.equal(requests["nvidia.com/gpu"], gpus === 0 ? undefined : String(gpus));
    }));

  it("has room for its models in memory and on disk", () =>
    each((object, { modelSize }) => {
      const { containers, volumes } = object("Deployment").spec.template.spec;
      const { requests, limits } = containers[0].resources;
      if (modelSize === undefined) return;
      const models = quantity(modelSize);
      assert.ok(quantity(requests.memory) > models && quantity(limits.memory) > models);
      assert.ok(quantity(volumes[0].emptyDir.sizeLimit) > 2 * models);
      const disk = quantity(requests["ephemeral-storage"]);
      assert.ok(disk > models + quantity(volumes[1].emptyDir.sizeLimit));
    }));

  it("is given the time that it asks for, to start and to end", () =>
    each((object, { startupTimeout = 120, drainTimeout = 25 }) => {
      const { template, progressDeadlineSeconds } = object("Deployment").spec;
      const [{ startupProbe, readinessProbe, livenessProbe }] = template.spec.containers;
      const budget = (probe: { periodSeconds: number; failureThreshold: number }) =>
        probe.periodSeconds * probe.failureThreshold;
      assert.ok(budget(startupProbe) >= startupTimeout);
      assert.ok(progressDeadlineSeconds > budget(startupProbe));
      assert.ok(budget(readinessProbe) < budget(livenessProbe));
      assert.ok(template.spec.terminationGracePeriodSeconds > drainTimeout);
      const options = parseServerOptions(["--model-repository", "."], object("ConfigMap").data);
      assert.equal(options.drainTimeout, drainTimeout);
      assert.ok(options.drainDelay < drainTimeout);
    }));

  it("takes bodies that its memory has room for", () =>
    each((object) => {
      const { limits } = object("Deployment").spec.template.spec.containers[0].resources;
      const { maxBodyBytes, maxPendingBytes } = parseServerOptions(
        ["--model-repository", "."],
        object("ConfigMap").data,
      );
      assert.ok(maxBodyBytes >= 1 && maxBodyBytes <= maxPendingBytes);
      assert.ok(maxPendingBytes <= quantity(limits.memory) / 4);
    }));

  it("has one owner of its number of pods, between its bounds", () =>
    each((object, { replicas, maxReplicas }) => {
      // What it begins with; updates ignore it from then on.
      assert.equal(object("Deployment").spec.replicas, Math.max(1, replicas ?? 1));
      const [hpa, keda] = [object("HorizontalPodAutoscaler")?.spec, object("ScaledObject")?.spec];
      assert.ok((hpa === undefined) !== (keda === undefined));
      assert.deepEqual(
        hpa ? [hpa.minReplicas, hpa.maxReplicas] : [keda.minReplicaCount, keda.maxReplicaCount],
        [replicas, maxReplicas],
      );
      if (hpa) assert.ok(hpa.minReplicas >= 1);
      else assert.ok(keda.fallback.replicas >= 1 && keda.fallback.replicas <= keda.maxReplicaCount);
      if (keda) assert.equal(keda.triggers.length, keda.minReplicaCount === 0 ? 2 : 1);
    }));

  it("selects its own pods, whatever labels they have besides", () =>
    each((object, { podLabels }) => {
      const { selector, template } = object("Deployment").spec;
      const { labels } = template.metadata;
      for (const selected of [
        selector.matchLabels,
        object("Service").spec.selector,
        object("PodDisruptionBudget").spec.selector.matchLabels,
        object("NetworkPolicy").spec.podSelector.matchLabels,
        object("ServiceMonitor").spec.selector.matchLabels,
        ...template.spec.topologySpreadConstraints.map(
          (constraint: { labelSelector: { matchLabels: object } }) => constraint.labelSelector.matchLabels,
        ),
      ])
        assert.deepEqual({ ...labels, ...selected }, labels);
      for (const [key, value] of Object.entries(podLabels ?? {})) assert.equal(labels[key], value);
    }));

  it("writes quantities as the API server stores them", () =>
    each((object, { modelSize, memoryRequest }) => {
      const { containers, volumes } = object("Deployment").spec.template.spec;
      const { requests, limits } = containers[0].resources;
      const derived = [requests["ephemeral-storage"], volumes[0].emptyDir.sizeLimit];
      if (modelSize && !memoryRequest) derived.push(requests.memory, limits.memory);
      for (const text of derived.filter(Boolean)) {
        const [, number, unit] = /^(\d+)(Mi|Gi|Ti)$/.exec(text)!;
        assert.ok(unit === "Ti" || Number(number) % 1024 !== 0, text);
      }
    }));

  it("is refused for a mistake before anything of it exists", async () => {
    let tries = 0;
    const { resources } = await declare(() => {
      const repository = new ModelRepository("models", { models: MODELS });
      const authority = new CertificateAuthority("authority");
      fc.assert(
        fc.property(arbitraryService, arbitraryMistake, (good, [path, change]) => {
          const args = {
            namespace: "ns",
            image: IMAGE,
            repository,
            authority,
            models: MODELS,
            scrapers: [SCRAPER],
          };
          const name = `wrong${tries++}`;
          assert.throws(
            () => new InferenceService(name, { ...args, ...good, ...change }),
            (error) => {
              assert.ok(pulumi.InputPropertiesError.isInstance(error));
              assert.ok(error.message.startsWith(`InferenceService "${name}": `));
              assert.ok(
                error.errors.some(({ propertyPath }) => propertyPath === path),
                `${path}: ${error.message}`,
              );
              return true;
            },
          );
        }),
        { numRuns: 200 },
      );
    });
    const own = resources.filter(({ name }) => name.startsWith("wrong"));
    assert.equal(own.length, tries);
    for (const { type } of own) assert.equal(type, "slipway:index:InferenceService");
  });
});
