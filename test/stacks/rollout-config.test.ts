import assert from "node:assert";
import type { RolloutSettings } from "../../components";
import {
  EXPERIMENT_DEFAULTS,
  FEEDBACK_SAMPLES,
  GATE_DEFAULTS,
  STRATEGY_DEFAULTS,
} from "../../rollout/defaults";
import { DEFAULT_STEPS } from "../../rollout/steps";
import { ConfigError } from "../../stacks/config-error";
import { GATE_FIELDS } from "../../stacks/gate-config";
import { STRATEGY_FIELDS } from "../../stacks/rollout-config";
import { readerOf } from "../../stacks/settings";
import { stackArgs } from "../../stacks/stack-args";

const MODEL = { name: "a", version: "1", source: "oci://r/a@sha256:0", sha256: "0" };
const ROLLOUT = { slots: { blue: { models: [MODEL] } }, strategy: { kind: "canary" } };
const SERVICE = { name: "text", rollout: ROLLOUT };

const withRollout = (change: object) => ({
  services: [{ name: "text", rollout: { ...ROLLOUT, ...change } }],
});

/** Reads everything, as a profile does. */
const read = (values: Record<string, unknown>) => {
  const texts = Object.entries({ services: [SERVICE], ...values }).map(([key, value]): [string, string] => [
    key,
    JSON.stringify(value),
  ]);
  return stackArgs(readerOf("local", { runtimeImage: "i", ...Object.fromEntries(texts) }), "localhost");
};
const rolloutOf = (values: Record<string, unknown>): RolloutSettings => read(values).services[0]!.rollout!;

describe("configuration of a rollout", () => {
  it("is read as it is written, less what nothing stands behind", () => {
    const gates = [
      { kind: "errorRate", name: "errors", maxPercent: 0.5 },
      { kind: "approval", name: "ok" },
    ];
    const rollout = {
      slots: { blue: { models: [MODEL], replicas: 3, image: "i2" }, green: null },
      strategy: { kind: "canary", stepWeights: [5, 25], match: { header: "x", value: "1" } },
      live: "blue",
      gates,
    };
    assert.deepEqual(rolloutOf({ services: [{ name: "text", rollout }] }), {
      ...rollout,
      slots: { blue: rollout.slots.blue },
    });
  });

  it("names who moves the requests, and where Flagger asks", () => {
    const flagger = { prometheusUrl: "http://p:9090", approvalUrl: "http://a/ok" };
    const read = rolloutOf(withRollout({ driver: "flagger", flagger }));
    assert.deepEqual([read.driver, read.flagger], ["flagger", flagger]);
  });

  it("is given the state of its traffic, whose defaults are filled in", () => {
    const state = { live: "blue", weights: { blue: 95, green: 5 } };
    assert.deepEqual(rolloutOf({ traffic: { text: state } }).traffic, {
      ...state,
      mirror: 0,
      standby: "warm",
    });
    const whole = { ...state, mirror: 20, standby: "cold", candidate: "green" };
    assert.deepEqual(rolloutOf({ traffic: { text: whole } }).traffic, whole);
    assert.ok(!("traffic" in rolloutOf({})));
  });

  const wrong: [string, Record<string, unknown>, string | RegExp][] = [
    [
      "an address of Flagger's that it does not know",
      withRollout({ driver: "flagger", flagger: { url: "http://p" } }),
      "`slipway:services[0].rollout.flagger.url` does not exist; there are prometheusUrl, approvalUrl.",
    ],
    [
      "models beside a rollout",
      { services: [{ ...SERVICE, models: [MODEL] }] },
      "`slipway:services[0].models` cannot be given beside `rollout`, whose slots have them.",
    ],
    [
      "a rollout without slots",
      { services: [{ name: "text", rollout: { strategy: { kind: "canary" } } }] },
      "`slipway:services[0].rollout.slots` is missing: a map. `blue`, `green` or both: what each slot runs; see below.",
    ],
    [
      "a slot that does not exist",
      withRollout({ slots: { red: { models: [MODEL] } } }),
      "`slipway:services[0].rollout.slots.red` does not exist; there are blue, green.",
    ],
    [
      "a slot without models",
      withRollout({ slots: { blue: { replicas: 2 } } }),
      /^`slipway:services\[0\]\.rollout\.slots\.blue\.models` is missing: a list of models\./,
    ],
    [
      "a slot with a name of its own",
      withRollout({ slots: { blue: { models: [MODEL], name: "x" } } }),
      /^`slipway:services\[0\]\.rollout\.slots\.blue\.name` does not exist; there are models, replicas, /,
    ],
    [
      "a model of a slot that is wrong",
      withRollout({ slots: { blue: { models: [{ ...MODEL, version: 1 }] } } }),
      "`slipway:services[0].rollout.slots.blue.models[0].version` (1) must be a text.",
    ],
    [
      "a strategy that does not exist",
      withRollout({ strategy: { kind: "recreate" } }),
      '`slipway:services[0].rollout.strategy.kind` ("recreate") must be one of blueGreen, canary, shadow, abTest.',
    ],
    [
      "a field of another strategy",
      withRollout({ strategy: { kind: "shadow", stepWeights: [5] } }),
      "`slipway:services[0].rollout.strategy.stepWeights` does not exist; there are kind, percent, samplePercent, compare.",
    ],
    [
      "steps that are no numbers",
      withRollout({ strategy: { kind: "canary", stepWeights: ["5"] } }),
      '`slipway:services[0].rollout.strategy.stepWeights` (["5"]) must be a list of numbers.',
    ],
    [
      "a gate without a kind",
      withRollout({ gates: [{ name: "a" }] }),
      "`slipway:services[0].rollout.gates[0].kind` (missing) must be one of prometheus, errorRate, latency, comparison, feedback, quality, drift, job, approval.",
    ],
    [
      "a gate without a name",
      withRollout({ gates: [{ kind: "approval" }] }),
      "`slipway:services[0].rollout.gates[0].name` is missing: a text. Names the gate: letters, digits and hyphens.",
    ],
    [
      "a gate without its query",
      withRollout({ gates: [{ kind: "prometheus", name: "a", max: 1 }] }),
      /^`slipway:services\[0\]\.rollout\.gates\[0\]\.query` is missing: a text\./,
    ],
    [
      "a state among the declarations",
      withRollout({ traffic: {} }),
      "`slipway:services[0].rollout.traffic` does not exist; there are slots, strategy, live, gates, allowSignatureChange, driver, flagger.",
    ],
    [
      "traffic of a service without a rollout",
      { traffic: { voice: { live: "blue", weights: { blue: 100, green: 0 } } } },
      "`slipway:traffic.voice` names no service with a `rollout`; there is text.",
    ],
    [
      "traffic that is no map",
      { traffic: ["text"] },
      '`slipway:traffic` (["text"]) must be a map of services.',
    ],
    [
      "traffic without weights",
      { traffic: { text: { live: "blue" } } },
      /^`slipway:traffic\.text\.weights` is missing: a map of values\./,
    ],
    [
      "a weight that is no number",
      { traffic: { text: { live: "blue", weights: { blue: "all", green: 0 } } } },
      '`slipway:traffic.text.weights.blue` ("all") must be a number.',
    ],
  ];
  for (const [what, values, message] of wrong) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => read(values),
        (error) => {
          assert.ok(error instanceof ConfigError);
          if (typeof message === "string") assert.equal(error.message, message);
          else assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it("documents the defaults that apply", () => {
    const code = (value: unknown) => `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
    const applied: Record<string, unknown> = {
      ...EXPERIMENT_DEFAULTS,
      ...STRATEGY_DEFAULTS,
      ...GATE_DEFAULTS,
      stepWeights: DEFAULT_STEPS,
    };
    for (const [kind, fields] of Object.entries({ ...STRATEGY_FIELDS, ...GATE_FIELDS })) {
      for (const [name, field] of Object.entries(fields as Record<string, { default?: string }>)) {
        if (field.default === undefined || !Object.hasOwn(applied, name)) continue;
        const own = kind === "feedback" && name === "minimumSamples" ? FEEDBACK_SAMPLES : applied[name];
        assert.equal(field.default.replaceAll(" ", ""), code(own), `${kind}.${name}`);
      }
    }
    assert.ok(STRATEGY_FIELDS.canary.stepWeights.default);
  });
});
