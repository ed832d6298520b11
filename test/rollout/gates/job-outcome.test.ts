import assert from "node:assert/strict";
import { GATE_LABEL, podOutcomes, type GatePod } from "../../../rollout/gates/job-outcome";

const pod = (
  gate: string | undefined,
  terminated: object | undefined,
  creationTimestamp = "2026-01-01T00:00:00Z",
) =>
  ({
    metadata: { labels: gate === undefined ? {} : { [GATE_LABEL]: gate }, creationTimestamp },
    status: { containerStatuses: [{ state: terminated ? { terminated } : { running: {} } }] },
  }) as GatePod;

const own = { gate: "right", verdict: "failed", value: 0.75, min: 0.9, reason: "accuracy is 0.75" } as const;

describe("podOutcomes", () => {
  it("reads what a gate of the project left", () => {
    const message = JSON.stringify(own);
    assert.deepEqual(podOutcomes([pod("right", { exitCode: 1, reason: "Error", message })]), [own]);
  });

  const cases: [name: string, terminated: object, outcome: object][] = [
    [
      "takes the exit status of other images",
      { exitCode: 0, reason: "Completed", message: "" },
      { verdict: "passed", value: null, reason: "its container ended (Completed, exit status 0)" },
    ],
    [
      "tells their last words",
      { exitCode: 3, reason: "Error", message: "no such\n page\n" },
      { verdict: "failed", value: null, reason: "its container ended (Error, exit status 3): no such page" },
    ],
    [
      "does not believe a message that contradicts the exit status",
      {
        exitCode: 137,
        reason: "OOMKilled",
        message: '{"gate":"right","verdict":"passed","value":1,"reason":"x"}',
      },
      {
        verdict: "failed",
        value: null,
        reason:
          'its container ended (OOMKilled, exit status 137): {"gate":"right","verdict":"passed","value":1,"reason":"x"}',
      },
    ],
    [
      "does not take another's outcome for its own",
      {
        exitCode: 0,
        reason: "Completed",
        message: '{"gate":"left","verdict":"passed","value":1,"reason":"x"}',
      },
      {
        verdict: "passed",
        value: null,
        reason:
          'its container ended (Completed, exit status 0): {"gate":"left","verdict":"passed","value":1,"reason":"x"}',
      },
    ],
    [
      "does not take other JSON for an outcome",
      { exitCode: 1, reason: "Error", message: "[1]" },
      { verdict: "failed", value: null, reason: "its container ended (Error, exit status 1): [1]" },
    ],
  ];
  for (const [name, terminated, outcome] of cases) {
    it(name, () =>
      assert.deepEqual(podOutcomes([pod("right", terminated)]), [{ gate: "right", ...outcome }]),
    );
  }

  it("takes a gate's newest pod, whatever their order", () => {
    const [old, young] = [
      pod("g", { exitCode: 1, reason: "Error" }, "2026-01-01T00:00:00Z"),
      pod("g", { exitCode: 0, reason: "Completed" }, "2026-01-02T00:00:00Z"),
    ];
    for (const pods of [
      [old, young],
      [young, old],
    ])
      assert.deepEqual(
        podOutcomes(pods).map(({ verdict }) => verdict),
        ["passed"],
      );
  });

  it("leaves out pods that run, and those of nobody's gate", () => {
    assert.deepEqual(podOutcomes([pod("g", undefined), pod(undefined, { exitCode: 0 }), {}]), []);
  });
});
