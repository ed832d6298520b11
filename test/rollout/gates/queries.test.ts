import assert from "node:assert/strict";
import type { MeasuringGate } from "../../../rollout/declaration";
import { FEEDBACK_METRIC } from "../../../rollout/gates/feedback-queries";
import { promqlProblem } from "../../../rollout/gates/promql";
import {
  COMPARATOR_METRIC,
  GATE_METRIC,
  gateQueries,
  measuringWindow,
  SERVER_FAULTS,
} from "../../../rollout/gates/queries";
import { fillTemplate } from "../../../rollout/gates/query-template";
import { COMPARISON_METRIC, METRIC, QUALITY_METRIC } from "../../../runtime/contract";
import { ERRORS } from "../../../runtime/errors";

const names = {
  slot: "green",
  service: "text-green",
  liveService: "text-blue",
  namespace: "models",
  windowSeconds: 60,
} as const;
const OF_CANDIDATE = 'namespace="models",service="text-green"';

/** What grew in a window, whole where it appeared in it; `growth.engine.ts` asks Prometheus what comes of it. */
function grown(series: string, window: string): string {
  const last = `last_over_time(${series}[${window}])`;
  const before = `last_over_time(${series}[3600s] offset ${window})`;
  return `(${last} unless ((${before} <= ${last}) or (resets(${series}[${window}]) > 0))) or increase(${series}[${window}])`;
}

/** The same on pods that are there, or were lately. */
function onPods(series: string, window: string, service = "text-green", seconds = 60): string {
  const present = `slipway_server_ready{namespace="models",service="${service}"}`;
  return `((${grown(series, window)}) and on (pod) (${present} or last_over_time(${present}[${seconds}s])))`;
}

describe("gateQueries", () => {
  it("reads metrics that the server has", () => {
    const known: readonly string[] = Object.values(METRIC);
    assert.deepEqual(
      Object.values(GATE_METRIC).filter((metric) => !known.includes(metric)),
      [],
    );
    const graded: readonly string[] = Object.values(QUALITY_METRIC);
    assert.deepEqual(
      Object.values(FEEDBACK_METRIC).filter((metric) => !graded.includes(metric)),
      [],
    );
    const compared: readonly string[] = Object.values(COMPARISON_METRIC);
    assert.deepEqual(
      Object.values(COMPARATOR_METRIC).filter((metric) => !compared.includes(metric)),
      [],
    );
  });

  it("counts as errors what the server answers with 5xx", () => {
    const faults = Object.entries(ERRORS).flatMap(([code, { http }]) => (http >= 500 ? code : []));
    assert.deepEqual([...SERVER_FAULTS].sort(), faults.sort());
  });

  it("asks for the share of failed requests, which may have begun just now", () => {
    const { value, live, samples, age } = gateQueries({ kind: "errorRate", name: "errors" }, names);
    const requests = `slipway_inference_requests_total{${OF_CANDIDATE}}`;
    const faults = `slipway_inference_requests_total{${OF_CANDIDATE},code=~"${SERVER_FAULTS.join("|")}"}`;
    assert.equal(value, `100 * (sum${onPods(faults, "60s")} or vector(0)) / sum${onPods(requests, "60s")}`);
    assert.deepEqual([live, samples], [undefined, undefined]);
    assert.equal(age, `time() - max(timestamp(slipway_server_ready{${OF_CANDIDATE}}))`);
  });

  it("takes the pods that were there since the candidate is asked for its own", () => {
    const gate = { kind: "errorRate", name: "errors", minimumSamples: 1 } as const;
    const { samples } = gateQueries(gate, { ...names, watchedSeconds: 240.2 });
    const requests = `slipway_inference_requests_total{${OF_CANDIDATE}}`;
    assert.equal(samples, `sum${onPods(requests, "60s", "text-green", 241)}`);
    const { samples: begun } = gateQueries(gate, { ...names, watchedSeconds: 0 });
    assert.equal(promqlProblem(begun!), undefined);
  });

  it("asks for feedback on the slot's present pods, over a window of its own", () => {
    const gate: MeasuringGate = {
      kind: "feedback",
      name: "f",
      model: "ocr",
      metric: "mae",
      notWorseThanLiveBy: 1,
      segment: 'quoted="DE"',
      window: 600,
    };
    const { value, live, samples, age } = gateQueries(gate, names);
    const sum = (counter: string, service: string) => {
      const where = `namespace="models",service="${service}"`;
      const series = `slipway_quality_${counter}_total{${where},model="ocr",segment="quoted=\\"DE\\""}`;
      return `sum${onPods(series, "600s", service)}`;
    };
    const error = (service: string) => `${sum("absolute_error", service)} / ${sum("graded", service)}`;
    assert.equal(value, error("text-green"));
    assert.equal(samples, sum("graded", "text-green"));
    assert.equal(live, `${error("text-blue")} and on() ${sum("graded", "text-blue")} >= 100`);
    assert.equal(age, `time() - max(timestamp(slipway_server_ready{${OF_CANDIDATE}}))`);
  });

  it("asks the comparator of the rollout for the share of answers that differ", () => {
    const { value, live, samples, age, restart } = gateQueries(
      { kind: "comparison", name: "answers", minimumSamples: 100 },
      names,
    );
    const of = 'namespace="models",service="text-comparator"';
    const all = `slipway_comparison_requests_total{${of}}`;
    const different = `slipway_comparison_requests_total{${of},result="different"}`;
    const compared = `sum(${grown(all, "60s")})`;
    assert.equal(value, `100 * (sum(${grown(different, "60s")}) or vector(0)) / ${compared}`);
    assert.deepEqual([live, samples], [undefined, compared]);
    assert.equal(age, `time() - max(timestamp(slipway_comparison_waiting_answers{${of}}))`);
    const began = `slipway_comparison_began_timestamp_seconds{${of}}`;
    assert.equal(
      restart,
      `(time() - max(${began}) and on() (count(last_over_time(${began}[3600s])) + sum(changes(${began}[3600s]))) > 1) or vector(1000000000)`,
    );
    for (const query of [value, samples, age, restart]) assert.equal(promqlProblem(query!), undefined);
    assert.equal(gateQueries({ kind: "comparison", name: "answers" }, names).samples, undefined);
  });

  it("asks for the quantile over all pods of a slot", () => {
    const { value, live } = gateQueries(
      { kind: "latency", name: "p95", quantile: 0.95, notSlowerThanLiveBy: 10 },
      names,
    );
    const over = (service: string) => {
      const buckets = `slipway_inference_request_duration_seconds_bucket{namespace="models",service="${service}"}`;
      return `histogram_quantile(0.95, sum by (le)${onPods(buckets, "60s", service)})`;
    };
    assert.equal(value, over("text-green"));
    assert.equal(live, over("text-blue"));
  });

  it("asks for p99 where no quantile is given", () => {
    const { value } = gateQueries({ kind: "latency", name: "p99", maxSeconds: 1 }, names);
    assert.match(value, /^histogram_quantile\(0\.99, /);
  });

  it("fills in a query of one's own, and asks for samples only where a minimum is given", () => {
    const gate = {
      kind: "prometheus",
      name: "own",
      query: "x{s='{{slot}}',l='{{live}}'}[{{window}}]",
    } as const;
    assert.deepEqual(gateQueries(gate, names), { value: "x{s='green',l='blue'}[60s]" });
    const { samples } = gateQueries({ ...gate, minimumSamples: 5 }, names);
    assert.equal(samples, `sum${onPods(`slipway_inference_requests_total{${OF_CANDIDATE}}`, "60s")}`);
  });

  const gates: MeasuringGate[] = [
    { kind: "errorRate", name: "errors", notWorseThanLiveBy: 1, minimumSamples: 10 },
    { kind: "latency", name: "p99", quantile: 0.5, notSlowerThanLiveBy: 10, minimumSamples: 10 },
    ...(["accuracy", "precision", "recall", "f1", "rmse", "mae"] as const).map(
      (metric) => ({ kind: "feedback", name: metric, model: "m", metric, notWorseThanLiveBy: 0.1 }) as const,
    ),
  ];
  for (const gate of gates) {
    it(`writes PromQL for ${gate.kind} ${gate.name}`, () => {
      const queries = Object.entries(gateQueries(gate, names));
      assert.deepEqual(
        queries.map(([key, query]) => [key, promqlProblem(query)]),
        ["value", "live", "samples", "age"].map((key) => [key, undefined]),
      );
    });
  }
});

describe("measuringWindow", () => {
  const cases: [interval: number, window: number][] = [
    [0, 60],
    [10, 60],
    [60, 60],
    [90.4, 90],
    [300, 300],
    [3600, 300],
  ];
  for (const [interval, window] of cases) {
    it(`looks back ${window} s in a step of ${interval} s`, () =>
      assert.equal(measuringWindow(interval), window));
  }

  it("looks back no further than the candidate has been asked, but a minute at least", () => {
    assert.deepEqual(
      [10, 120.4, 900].map((watched) => measuringWindow(300, watched)),
      [60, 120, 300],
    );
  });
});

describe("fillTemplate", () => {
  it("knows where a place in the filled query was written", () => {
    const { text, sourceOf } = fillTemplate("a{{slot}}b{{window}}c", names);
    assert.equal(text, "agreenb60sc");
    assert.deepEqual([0, 1, 5, 6, 7, 9, 10, 11].map(sourceOf), [0, 1, 1, 9, 10, 10, 20, 21]);
  });

  it("refuses names that stand for nothing", () => {
    assert.throws(() => fillTemplate("x{{canary}}", names), /character 2: \{\{canary\}\} stands for nothing/);
  });
});
