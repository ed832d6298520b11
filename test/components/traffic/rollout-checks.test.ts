import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import type { RolloutArgs } from "../../../components";
import { resolveRollout } from "../../../components/traffic/resolve-rollout";
import type { SignedModel } from "../../../components/traffic/rollout-settings";
import { initialState } from "../../../rollout/traffic-state";
import { IMAGE, model } from "../support/examples";
import { BLUE, GREEN } from "./support/rollout";

const MODELS = [model("ocr", "4"), model("ocr", "5"), model("vad")];

type Change = Partial<Omit<RolloutArgs, "repository">> & { repository?: { models: typeof MODELS } };

const resolve = (change: Change, name = "text") =>
  resolveRollout(name, {
    image: IMAGE,
    repository: { models: MODELS },
    slots: { blue: BLUE, green: GREEN },
    strategy: { kind: "canary" },
    ...change,
  });

/** Every problem as a sentence; none where it is accepted. */
function problems(change: Change, name?: string): string[] {
  try {
    resolve(change, name);
    return [];
  } catch (error) {
    assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
    assert.ok(error.message.startsWith(`Rollout "${name ?? "text"}": `), error.message);
    return error.errors.map(({ propertyPath, reason }) => `\`${propertyPath}\`: ${reason}`);
  }
}

const signed = (version: string, shape: number[]): SignedModel => ({
  references: [model("ocr", version)],
  inputs: [{ name: "x", datatype: "FP32", shape }],
  outputs: [{ name: "y", datatype: "FP32", shape: [-1, 10] }],
});

describe("resolveRollout", () => {
  it("starts on the slot that is called live, with the other one warm", () => {
    const { traffic, judged } = resolve({ live: "green" });
    assert.deepEqual(traffic, initialState("green"));
    assert.equal(judged, undefined);
    assert.deepEqual(resolve({}).traffic, initialState("blue"));
  });

  it("judges nobody where there is nothing to compare with", () => {
    const traffic = { ...initialState("blue"), candidate: "blue" } as const;
    assert.equal(resolve({ slots: { blue: BLUE }, traffic }).judged, undefined);
  });

  const wrong: [string, Change, string[]][] = [
    ["no slot", { slots: {} }, ["`slots`: must have `blue`, `green` or both"]],
    [
      "a slot that does not exist",
      { slots: { blue: BLUE, red: GREEN } as never },
      ["`slots.red`: does not exist; there are blue and green"],
    ],
    [
      "a live slot that is empty",
      { slots: { blue: BLUE }, live: "green" },
      ['`live`: "green" is not filled; there is blue'],
    ],
    [
      "a share of a slot that is empty",
      { slots: { blue: BLUE }, traffic: { ...initialState("blue"), weights: { blue: 90, green: 10 } } },
      ["`traffic.weights.green`: 10 percent cannot go to a slot that is not filled"],
    ],
    [
      "slots that serve models of different names",
      { slots: { blue: BLUE, green: { models: [model("vad")] } } },
      [
        "`slots.green.models`: vad must be of the same names as those of blue, ocr: their paths lead to either slot",
      ],
    ],
    [
      "what is wrong in the settings of both slots once, and of one slot where it is",
      { cpuLimit: "much", slots: { blue: BLUE, green: { ...GREEN, memoryLimit: "little" } } },
      [
        '`cpuLimit`: "much" must be a CPU quantity, as in "250m" or "1.5"',
        '`slots.green.memoryLimit`: "little" must be a memory quantity, as in "512Mi"',
      ],
    ],
    [
      "slots that sleep",
      { replicas: 0, scaling: { on: "queueDepth", target: 1, via: "keda" }, watched: true } as never,
      ["`replicas`: 0 is not possible here: a slot that sleeps is not ready for its share"],
    ],
    [
      "a model that the repository does not have",
      { slots: { blue: BLUE, green: { models: [model("ocr", "9")] } } },
      ["`slots.green.models[0]`: ocr/9 is not in the repository, which has ocr/4, ocr/5, vad/1"],
    ],
    [
      "a strategy and gates that are wrong",
      {
        strategy: { kind: "canary", stepWeights: [50, 25] },
        gates: [{ kind: "latency", name: "slow", quantile: 2, maxSeconds: 1 }],
      },
      [
        "`strategy.stepWeights[1]`: 25 must be more than the step before it (50)",
        "`gates[0].quantile`: 2 must be between 0 and 1, as in 0.99",
      ],
    ],
    [
      "a gate about a model of another service",
      { gates: [{ kind: "drift", name: "d", model: "vad", dataset: "set" }] },
      ['`gates[0].model`: "vad" is no model of this service, which has ocr'],
    ],
    [
      "a candidate that takes other inputs than the live one",
      { slots: { blue: { models: [signed("4", [-1, 3])] }, green: { models: [signed("5", [-1, 4])] } } },
      [
        '`slots.green.models`: "ocr": input "x" is FP32 [-1, 3] in blue and FP32 [-1, 4] in green: its clients would break; ' +
          "give it a name of its own, or set `allowSignatureChange`",
      ],
    ],
  ];
  for (const [what, change, expected] of wrong) {
    it(`refuses ${what}`, () => assert.deepEqual(problems(change), expected));
  }

  it("compares with what is live now, and lets a change pass that is allowed", () => {
    const slots = { blue: { models: [signed("4", [-1, 3])] }, green: { models: [signed("5", [-1, 4])] } };
    const [problem] = problems({ slots, traffic: initialState("green") });
    assert.match(problem!, /^`slots\.blue\.models`: "ocr": input "x" is FP32 \[-1, 4\] in green/);
    assert.deepEqual(problems({ slots, allowSignatureChange: true }), []);
    // A reference tells nothing of what the model takes.
    assert.deepEqual(problems({ slots: { ...slots, green: GREEN } }), []);
  });

  it("refuses names that leave no room for a slot's", () => {
    const longest = "t".repeat(44);
    assert.deepEqual(problems({}, longest), []);
    assert.deepEqual(problems({}, `${longest}t`), [
      `\`name\`: "${longest}t" must be at most 44 lower-case letters, digits and "-", beginning with a letter: ` +
        `"${longest}t-green" names a Service`,
    ]);
  });

  it("refuses more models than the strategy's rules leave room for", () => {
    const many = (count: number) => {
      const models = Array.from({ length: count }, (_, i) => model(`m${i}`));
      return { repository: { models }, slots: { blue: { models } } };
    };
    assert.deepEqual(problems(many(25)), []);
    const sticky = { kind: "canary", affinity: true } as const;
    assert.deepEqual(problems({ ...many(19), strategy: sticky }), [
      "`slots.blue.models`: 19 models must be at most 18, which is what one route can tell apart with the rules of this " +
        "strategy; use a further service",
    ]);
  });
});
