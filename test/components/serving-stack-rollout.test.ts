import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { ServingStack, type ServingStackArgs, type StackService } from "../../components";
import { outputsOf } from "../../stacks/outputs";
import { declare, type Declaration } from "./support/declared";
import { model, stackArgs } from "./support/examples";
import { valueOf } from "./traffic/support/rollout";

const SWITCHED: StackService = {
  name: "text",
  replicas: 2,
  rollout: {
    slots: {
      blue: { models: [model("pp-ocrv4-rec", "4")] },
      green: { models: [model("pp-ocrv4-rec", "4"), model("pp-ocrv4-rec", "5")] },
    },
    strategy: { kind: "canary" },
  },
};
const VOICE: StackService = { name: "voice", models: [model("silero-vad", "5")] };

const args = (services: StackService[]): ServingStackArgs => ({ ...stackArgs(), services });

describe("ServingStack with a rollout", () => {
  let stack: ServingStack;
  let declared: Declaration;
  let outputs: Record<string, pulumi.Input<unknown>>;
  before(async () => {
    declared = await declare(() => {
      stack = new ServingStack("slipway", args([SWITCHED, VOICE]));
      outputs = outputsOf(stack, 8443) as typeof outputs;
    });
  });

  it("makes the rollout in the service's place, and its routes below it", () => {
    assert.deepEqual(
      declared
        .kind("Deployment")
        .map(({ inputs }) => inputs.metadata.name)
        .sort(),
      ["text-blue", "text-green", "voice"],
    );
    const routes = [...declared.kind("HTTPRoute"), ...declared.kind("GRPCRoute")].map(
      ({ inputs }) => inputs.metadata.name,
    );
    assert.deepEqual(routes.sort(), [
      "text",
      "text",
      "text-host",
      "text-host",
      "voice",
      "voice",
      "voice-host",
      "voice-host",
    ]);
    assert.equal(stack.services.length, 1);
    assert.equal(stack.rollouts.length, 1);
  });

  it("follows the metrics of both slots, which carry the label that Prometheus selects by", () => {
    const [selector] = declared
      .kind("Prometheus")
      .map(({ inputs }) => inputs.spec.serviceMonitorSelector.matchLabels);
    for (const slot of ["blue", "green"]) {
      const monitor = declared.object("ServiceMonitor", `text-${slot}`);
      assert.deepEqual({ ...monitor.metadata.labels, ...selector }, monitor.metadata.labels);
      const service = declared.object("Service", `text-${slot}`);
      const wanted = monitor.spec.selector.matchLabels;
      assert.deepEqual({ ...service.metadata.labels, ...wanted }, service.metadata.labels);
    }
  });

  it("has one repository with the models of both slots, each version once", () => {
    assert.deepEqual(
      stack.repository.models.map(({ name, version }) => `${name}/${version}`),
      ["pp-ocrv4-rec/4", "pp-ocrv4-rec/5", "silero-vad/5"],
    );
  });

  it("tells of services and models as clients see them", async () => {
    const services = await valueOf(pulumi.output(outputs.services));
    assert.deepEqual(services, [
      { name: "voice", namespace: "slipway", endpoint: "https://voice.localhost:8443" },
      { name: "text", namespace: "slipway", endpoint: "https://text.localhost:8443" },
    ]);
    assert.deepEqual(await valueOf(pulumi.output(outputs.models)), [
      { name: "silero-vad", versions: ["5"], service: "voice" },
      { name: "pp-ocrv4-rec", versions: ["4", "5"], service: "text" },
    ]);
  });

  it("publishes the rollout, and the keys of its record, the private one as a secret", async () => {
    const [published] = await valueOf<{ name: string; record: string }[]>(pulumi.output(outputs.rollouts));
    assert.deepEqual([published!.name, published!.record], ["text", "text-rollout-record"]);
    const key = declared.resources.find(({ name }) => name === "slipway-record-key");
    assert.equal(key?.inputs.algorithm, "ED25519");
    const { recordSigningKey, recordPublicKey } = outputs as Record<string, pulumi.Output<string>>;
    assert.equal(await pulumi.isSecret(recordSigningKey!), true);
    assert.equal(await pulumi.isSecret(recordPublicKey!), false);
  });

  it("has none of this where no service has a rollout", async () => {
    let plain!: Record<string, unknown>;
    const without = await declare(() => {
      plain = outputsOf(new ServingStack("slipway", stackArgs()), 8443);
    });
    for (const key of ["rollouts", "recordSigningKey", "recordPublicKey"]) assert.ok(!(key in plain), key);
    assert.ok(!without.resources.some(({ name }) => name === "slipway-record-key"));
  });

  const wrong: [string, StackService[], string][] = [
    [
      "what is wrong with it, where it was given",
      [{ ...SWITCHED, cpuLimit: "much", rollout: { ...SWITCHED.rollout!, live: "red" as "blue" } }],
      '`services[0].cpuLimit`: "much" must be a CPU quantity, as in "250m" or "1.5"; ' +
        '`services[0].rollout.live`: "red" must be one of blue, green',
    ],
    [
      "models beside it",
      [{ ...SWITCHED, models: [model("pp-ocrv4-rec", "4")] }],
      "`services[0].models`: cannot be given beside `rollout`, whose slots have them",
    ],
    [
      "a service of a slot's name",
      [SWITCHED, { ...VOICE, name: "text-green" }],
      '`services[0].name`: "text" has a slot "text-green", which is also the name of a service',
    ],
    [
      "a service of a name that Flagger gives",
      [
        { ...SWITCHED, rollout: { ...SWITCHED.rollout!, driver: "flagger" } },
        { ...VOICE, name: "text-primary" },
      ],
      '`services[0].name`: "text" has a slot "text-primary", which is also the name of a service',
    ],
    [
      "a model that another service has",
      [VOICE, { ...SWITCHED, rollout: { ...SWITCHED.rollout!, slots: { blue: { models: VOICE.models! } } } }],
      '`services[1].rollout.slots`: model "silero-vad" is already served by service "voice"',
    ],
    ["no models at all", [{ name: "text" }], "`services[0].models`: must name at least one model"],
  ];
  for (const [what, services, message] of wrong) {
    it(`refuses ${what}`, () => {
      assert.throws(() => new ServingStack("slipway", args(services)), {
        message: `ServingStack "slipway": ${message}`,
      });
    });
  }
});
