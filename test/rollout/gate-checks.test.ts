import assert from "node:assert";
import type { Gate, Strategy } from "../../rollout/declaration";
import { gateProblems } from "../../rollout/gate-checks";

const DIGEST = `sha256:${"a".repeat(64)}`;

const problems = (gates: readonly object[], strategy: Strategy = { kind: "canary" }) =>
  gateProblems(gates as Gate[], { strategy, models: ["ocr", "vad"] }).map(
    ({ propertyPath, reason }) => `\`${propertyPath}\`: ${reason}`,
  );

describe("gateProblems", () => {
  it("accepts one of each kind", () => {
    const gates: Gate[] = [
      {
        kind: "prometheus",
        name: "rate",
        query: 'sum(rate(x{service="{{service}}"}[{{window}}]))',
        min: 0,
        max: 0,
      },
      { kind: "errorRate", name: "errors", maxPercent: 0, notWorseThanLiveBy: 0 },
      { kind: "latency", name: "p99", maxSeconds: 0.25 },
      {
        kind: "quality",
        name: "accuracy",
        model: "ocr",
        dataset: "labelled",
        metric: "accuracy",
        threshold: 1,
      },
      { kind: "quality", name: "error", model: "vad", dataset: "labelled", metric: "rmse", threshold: 12 },
      { kind: "drift", name: "drift", model: "vad", dataset: "labelled", method: "ks", threshold: 0.1 },
      { kind: "job", name: "check", image: `r.example/check@${DIGEST}`, env: { LEVEL: "2" } },
      { kind: "approval", name: "sign-off" },
    ];
    assert.deepEqual(problems(gates), []);
    const compared = { kind: "comparison", name: "answers", maxPercent: 0, minimumSamples: 100 };
    assert.deepEqual(problems([compared], { kind: "shadow" }), []);
  });

  it("refuses gates that a switch at once would never ask", () => {
    const errors = { kind: "errorRate", name: "errors", maxPercent: 1 };
    const blueGreen = (more: object) => ({ kind: "blueGreen", ...more }) as const;
    assert.deepEqual(problems([errors], blueGreen({})), []);
    assert.deepEqual(problems([errors], blueGreen({ scaleDownDelay: 0 })), [
      "`gates[0].kind`: `errorRate` would never be asked: `scaleDownDelay` 0 lets the old slot go at once",
    ]);
    assert.deepEqual(problems([{ ...errors, initialDelay: 30 }], blueGreen({ scaleDownDelay: 20 })), [
      "`gates[0].initialDelay`: 30 must be less than 20, the seconds for which a switch at once is watched: it would never be asked",
    ]);
    const approval = { kind: "approval", name: "sign-off" };
    assert.deepEqual(problems([approval], blueGreen({ scaleDownDelay: 0 })), []);
  });

  const wrong: [string, object[], string[]][] = [
    [
      "a kind that does not exist",
      [{ kind: "hope", name: "a" }],
      [
        '`gates[0].kind`: "hope" must be one of prometheus, errorRate, latency, comparison, feedback, quality, drift, job, approval',
      ],
    ],
    [
      "two gates of a name, whatever its case",
      [
        { kind: "approval", name: "ok" },
        { kind: "approval", name: "OK" },
      ],
      ['`gates[1].name`: "OK" is also gates[0]'],
    ],
    [
      "a name that no object can have",
      [{ kind: "approval", name: "is it good?" }],
      [
        '`gates[0].name`: "is it good?" must be 1 to 30 letters, digits and "-", beginning and ending with neither "-"',
      ],
    ],
    [
      "a query that is not PromQL",
      [{ kind: "prometheus", name: "a", query: "rate(x[5m)", max: 1 }],
      ['`gates[0].query`: is not PromQL: character 10: ")" is not expected here'],
    ],
    [
      "bounds upside down",
      [{ kind: "prometheus", name: "a", query: "up", min: 2, max: 1 }],
      ["`gates[0].min`: 2 must be at most `max` (1)"],
    ],
    [
      "no bound at all",
      [
        { kind: "prometheus", name: "a", query: "up" },
        { kind: "latency", name: "b" },
        { kind: "quality", name: "c", model: "ocr", dataset: "d", metric: "f1" },
      ],
      [
        "`gates[0]`: needs `min`, `max` or both",
        "`gates[1]`: needs `maxSeconds`, `notSlowerThanLiveBy` or both",
        "`gates[2]`: needs `threshold`, `notWorseThanLiveBy` or both",
      ],
    ],
    [
      "numbers out of range",
      [
        {
          kind: "errorRate",
          name: "a",
          maxPercent: 100,
          notWorseThanLiveBy: -1,
          every: 0,
          failureLimit: 0.5,
        },
        { kind: "latency", name: "b", quantile: 99, maxSeconds: 0 },
        { kind: "quality", name: "c", model: "ocr", dataset: "d", metric: "accuracy", threshold: 95 },
        { kind: "drift", name: "d", model: "ocr", dataset: "d", method: "ks", threshold: 1.5 },
      ],
      [
        "`gates[0].every`: 0 must be whole seconds from 1 to 86400",
        "`gates[0].failureLimit`: 0.5 must be a whole number from 0 to 10000",
        "`gates[0].maxPercent`: 100 must be from 0 to less than 100",
        "`gates[0].notWorseThanLiveBy`: -1 must be percentage points from 0 to less than 100",
        "`gates[1].quantile`: 99 must be between 0 and 1, as in 0.99",
        "`gates[1].maxSeconds`: 0 must be seconds above 0 and below 63, where the server's histogram ends",
        "`gates[2].threshold`: 95 must be from 0 to 1",
        "`gates[3].threshold`: 1.5 must be between 0 and 1",
      ],
    ],
    [
      "seconds that no quantile can be told to exceed",
      [
        { kind: "latency", name: "a", maxSeconds: 62.9 },
        { kind: "latency", name: "b", maxSeconds: 63 },
      ],
      ["`gates[1].maxSeconds`: 63 must be seconds above 0 and below 63, where the server's histogram ends"],
    ],
    [
      "a comparison of answers that nobody compares",
      [{ kind: "comparison", name: "a", maxPercent: 100 }],
      [
        "`gates[0].kind`: `comparison` needs strategy `shadow`, and this is `canary`: nothing else compares answers",
        "`gates[0].maxPercent`: 100 must be from 0 to less than 100",
      ],
    ],
    [
      "a gate that a step would never ask",
      [{ kind: "errorRate", name: "a", initialDelay: 60 }],
      [
        "`gates[0].initialDelay`: 60 must be less than the strategy's `interval` (60): it would never be asked",
      ],
    ],
    [
      "a model of another service, and a set that is no object",
      [{ kind: "quality", name: "a", model: "asr", dataset: "My Set", metric: "bleu", threshold: 1 }],
      [
        '`gates[0].model`: "asr" is no model of this service, which has ocr, vad',
        '`gates[0].dataset`: "My Set" must be the name of a ConfigMap',
        '`gates[0].metric`: "bleu" must be one of accuracy, f1, rocAuc, rmse',
      ],
    ],
    [
      "feedback on what has none, measured by what cannot be added up",
      [
        { kind: "feedback", name: "a", model: "asr", metric: "rocAuc" },
        {
          kind: "feedback",
          name: "b",
          model: "ocr",
          metric: "recall",
          threshold: 80,
          segment: "DE",
          window: 59,
        },
        {
          kind: "feedback",
          name: "c",
          model: "ocr",
          metric: "mae",
          notWorseThanLiveBy: -1,
          minimumSamples: 0.5,
        },
      ],
      [
        '`gates[0].model`: "asr" is no model of this service, which has ocr, vad',
        '`gates[0].metric`: "rocAuc" must be one of accuracy, precision, recall, f1, rmse, mae',
        "`gates[0]`: needs `threshold`, `notWorseThanLiveBy` or both",
        "`gates[1].threshold`: 80 must be from 0 to 1",
        '`gates[1].segment`: "DE" must be all, or KEY=VALUE of a segment of the model, as in country=DE',
        "`gates[1].window`: 59 must be whole seconds from 60 to 86400",
        "`gates[2].minimumSamples`: 0.5 must be a whole number from 0 to 1000000000",
        "`gates[2].notWorseThanLiveBy`: -1 must be at least 0",
      ],
    ],
    [
      "a Job by a tag, with a variable of the platform's",
      [
        {
          kind: "job",
          name: "a",
          image: "r.example/check:1",
          env: { SLIPWAY_LIVE_URL: "x", "a b": "y" },
          timeout: 0,
        },
      ],
      [
        '`gates[0].image`: "r.example/check:1" must be an image with a digest, as in "registry.example.com/check@sha256:…"',
        "`gates[0].timeout`: 0 must be whole seconds from 1 to 86400",
        '`gates[0].env.SLIPWAY_LIVE_URL`: "SLIPWAY_LIVE_URL" is set by the platform itself',
        '`gates[0].env.a b`: "a b" must be the name of a variable',
      ],
    ],
  ];
  for (const [what, gates, expected] of wrong) {
    it(`refuses ${what}`, () => assert.deepEqual(problems(gates), expected));
  }

  it("refuses an approval where there is nothing to hold back", () => {
    assert.deepEqual(problems([{ kind: "approval", name: "ok" }], { kind: "shadow" }), [
      "`gates[0].kind`: `approval` has nothing to hold back with `shadow`: the candidate answers no client",
    ]);
  });
});
