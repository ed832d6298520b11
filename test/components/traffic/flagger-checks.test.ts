import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import type { RolloutArgs } from "../../../components";
import { resolveRollout } from "../../../components/traffic/resolve-rollout";
import { initialState } from "../../../rollout/traffic-state";
import { IMAGE, model } from "../support/examples";
import { BLUE, GREEN } from "./support/rollout";

type Change = Partial<Omit<RolloutArgs, "repository">>;

function problems(change: Change): string[] {
  const args = { image: IMAGE, slots: { blue: BLUE, green: GREEN }, strategy: { kind: "canary" } } as const;
  const models = [model("ocr", "4"), model("ocr", "5")];
  try {
    resolveRollout("text", { ...args, repository: { models }, driver: "flagger", ...change });
    return [];
  } catch (error) {
    assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
    return error.errors.map(({ propertyPath, reason }) => `\`${propertyPath}\`: ${reason}`);
  }
}

const cannot = (path: string, why: string) => `\`${path}\`: cannot be with \`driver: flagger\`: ${why}`;
const PODS = "Flagger itself scales the candidate up and down, and copies its number of pods to the primary";

describe("what Flagger cannot carry out", () => {
  const wrong: [string, Change, string[]][] = [
    [
      "a driver that does not exist",
      { driver: "argo" as never },
      ['`driver`: "argo" must be one of pulumi, flagger'],
    ],
    [
      "settings of Flagger without it",
      { driver: "pulumi", flagger: {} },
      ["`flagger`: needs `driver: flagger`, which this is not"],
    ],
    [
      "no slot for the primary",
      { slots: { green: GREEN } },
      [
        "`slots.blue`: must be given: it is what Flagger's primary begins with",
        '`live`: "blue" is not filled; there is green',
      ],
    ],
    [
      "another slot that is live",
      { live: "green" },
      ['`live`: "green" must be "blue", which is Flagger\'s primary'],
    ],
    [
      "traffic of its own",
      { traffic: initialState("blue") },
      [cannot("traffic", "weights are Flagger's; change its Canary instead")],
    ],
    ["copies", { strategy: { kind: "shadow" } }, [cannot("strategy.kind", '"shadow" must be "canary"')]],
    [
      "a comparison of arms",
      { strategy: { kind: "abTest" } },
      [cannot("strategy.kind", '"abTest" must be "canary"')],
    ],
    [
      "all at once",
      { strategy: { kind: "blueGreen" } },
      [cannot("strategy.kind", '"blueGreen" must be "canary"')],
    ],
    [
      "steps too short",
      { strategy: { kind: "canary", interval: 5 } },
      ["`strategy.interval`: 5 must be at least 10: Flagger looks no oftener"],
    ],
    [
      "a header beside shares",
      { strategy: { kind: "canary", match: { header: "x-beta", value: "1" } } },
      [cannot("strategy.match", "it matches headers or shares requests, and not both")],
    ],
    [
      "a slot that is kept",
      { strategy: { kind: "canary", scaleDownDelay: 60 } },
      [cannot("strategy.scaleDownDelay", "it takes the candidate's pods as soon as it has promoted them")],
    ],
    ["an autoscaler", { maxReplicas: 4 }, [cannot("maxReplicas", PODS)]],
    [
      "an autoscaler of a slot",
      { slots: { blue: BLUE, green: { ...GREEN, maxReplicas: 4 } } },
      [cannot("slots.green.maxReplicas", PODS)],
    ],
    [
      "gates that run as Jobs",
      { gates: [{ kind: "job", name: "check", image: IMAGE }] },
      [cannot("gates[0].kind", '"job" must be one of prometheus, errorRate, latency, approval')],
    ],
    [
      "a person's word that is nowhere",
      { gates: [{ kind: "approval", name: "owner" }] },
      [
        '`flagger.approvalUrl`: must be given: Flagger asks there whether gates[0] "owner" has been agreed to',
      ],
    ],
    [
      "measurements of their own time",
      { gates: [{ kind: "errorRate", name: "errors", every: 5, minimumSamples: 10 }] },
      [
        cannot("gates[0].every", "it measures once in every `strategy.interval`"),
        cannot("gates[0].minimumSamples", "it cannot tell too few requests from bad ones"),
      ],
    ],
    [
      "limits of their own",
      {
        gates: [
          { kind: "errorRate", name: "errors" },
          { kind: "latency", name: "p99", maxSeconds: 1, failureLimit: 2 },
        ],
      },
      ["`gates[0].failureLimit`: 0 must be 2, that of the other gates: Flagger has one limit for all"],
    ],
    [
      "addresses that are none",
      { flagger: { prometheusUrl: "prometheus:9090", approvalUrl: "https://" } },
      [
        '`flagger.prometheusUrl`: "prometheus:9090" must be a URL that begins with http:// or https://',
        '`flagger.approvalUrl`: "https://" must be a URL that begins with http:// or https://',
      ],
    ],
  ];
  for (const [what, change, sentences] of wrong)
    it(`is refused: ${what}`, () => assert.deepEqual(problems(change), sentences));

  it("is nothing of a canary with gates that measure", () => {
    const gates: RolloutArgs["gates"] = [
      { kind: "errorRate", name: "errors", failureLimit: 2 },
      { kind: "prometheus", name: "queue", query: "vector(1)", max: 2, failureLimit: 2 },
    ];
    assert.deepEqual(
      problems({ gates, strategy: { kind: "canary", weight: 10, increment: 20, maxWeight: 50 } }),
      [],
    );
  });
});
