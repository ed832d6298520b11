import assert from "node:assert";
import { SCALING_DEFAULTS } from "../../components/serving/scaling-settings";
import { ConfigError } from "../../stacks/config-error";
import { SCALING_FIELDS } from "../../stacks/scaling-config";
import { readServices } from "../../stacks/service-config";

const SERVICE = {
  name: "text",
  models: [{ name: "a", version: "1", source: "oci://r/a@sha256:0", sha256: "0" }],
};

const read = (change: object) => () => readServices([{ ...SERVICE, ...change }], "");

describe("configuration of scaling and placement", () => {
  it("is read as it is written", () => {
    const change = {
      scaling: { on: "queueDepth", target: 4, via: "keda", authModes: ["bearer"] },
      nodeRequirements: [{ key: "zone", operator: "In", values: ["a"] }],
      recommendResources: true,
      imagePullSecrets: ["registry"],
    };
    assert.deepEqual(read(change)(), [{ ...SERVICE, ...change }]);
  });

  it("takes a key that nothing stands behind for one that is left out", () => {
    const change = { scaling: { on: "cpu", targetPercent: null }, modelSize: null, priorityClassName: null };
    assert.deepEqual(read(change)(), [{ ...SERVICE, scaling: { on: "cpu" } }]);
  });

  const wrong: [string, object, string][] = [
    ["a word for a map", { scaling: "keda" }, '`slipway:services[0].scaling` ("keda") must be a map.'],
    [
      "a field that scaling has not",
      { scaling: { on: "cpu", percent: 50 } },
      `\`slipway:services[0].scaling.percent\` does not exist; there are ${Object.keys(SCALING_FIELDS).join(", ")}.`,
    ],
    [
      "scaling on nothing",
      { scaling: {} },
      "`slipway:services[0].scaling.on` is missing: a text. `cpu`, `queueDepth` (requests that wait for a worker) or `concurrency` (those, and the ones being run).",
    ],
    [
      "a target in words",
      { scaling: { on: "queueDepth", target: "four" } },
      '`slipway:services[0].scaling.target` ("four") must be a number.',
    ],
    [
      "requirements that are no maps",
      { nodeRequirements: ["ssd"] },
      '`slipway:services[0].nodeRequirements` (["ssd"]) must be a list of maps.',
    ],
    [
      "a requirement without an operator",
      { nodeRequirements: [{ key: "ssd" }] },
      "`slipway:services[0].nodeRequirements[0].operator` is missing: a text. `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`.",
    ],
    [
      "a taint's key that is a number",
      { tolerations: [{ key: 1 }] },
      "`slipway:services[0].tolerations[0].key` (1) must be a text.",
    ],
    [
      "a flag in words",
      { recommendResources: "yes" },
      '`slipway:services[0].recommendResources` ("yes") must be a flag.',
    ],
  ];
  for (const [what, change, message] of wrong) {
    it(`refuses ${what}`, () => {
      assert.throws(read(change), (error) => {
        assert.ok(error instanceof ConfigError);
        assert.equal(error.message, message);
        return true;
      });
    });
  }

  it("documents the component's own defaults", () => {
    for (const [field, value] of Object.entries(SCALING_DEFAULTS)) {
      const shown = `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
      assert.equal((SCALING_FIELDS as Record<string, { default?: string }>)[field]?.default, shown, field);
    }
  });
});
