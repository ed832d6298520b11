import { armQueries } from "../../../rollout/experiment/queries";
import { gateQueries } from "../../../rollout/gates/queries";
import type { QueryNames } from "../../../rollout/gates/query-template";
import { itAnswers, type Question } from "../support/promtool-query";

const names: QueryNames = {
  slot: "green",
  service: "text-green",
  liveService: "text-blue",
  namespace: "models",
  windowSeconds: 60,
};
const errors = (change: Partial<QueryNames> = {}) =>
  gateQueries({ kind: "errorRate", name: "errors", minimumSamples: 200 }, { ...names, ...change });

const OWN = 'namespace="models",service="text-green"';
const requests = (code: string, pod = "a") =>
  `slipway_inference_requests_total{${OWN},pod="${pod}",code="${code}"}`;
const ready = (pod = "a") => `slipway_server_ready{${OWN},pod="${pod}"}`;
const bucket = (le: string, service: string) =>
  `slipway_inference_request_duration_seconds_bucket{namespace="models",service="${service}",pod="${service}-1",le="${le}"}`;

/** A candidate that nobody asks at present. */
const idle = (values: string): Question["series"] => ({
  [requests("OK")]: values,
  [requests("Internal")]: values.replaceAll("5000", "10"),
  [ready()]: "1x400",
});

describe("a candidate that has no requests at present", () => {
  const samples = errors().samples!;
  itAnswers([
    { what: "scraped all the time", series: idle("5000x41"), query: samples, at: 375, answer: 0 },
    {
      what: "not scraped a window ago",
      series: idle("5000x20 stale 5000x20"),
      query: samples,
      at: 375,
      answer: 0,
    },
    {
      what: "without a value a window ago",
      series: idle("5000x20 _ 5000x20"),
      query: samples,
      at: 375,
      answer: 0,
    },
    {
      what: "not scraped for twenty minutes until lately",
      series: idle("5000x20 stale _x79 5000x20"),
      query: samples,
      at: 1560,
      answer: 0,
    },
    {
      what: "and began anew before the window",
      series: idle("5000x16 _x6 0x20"),
      query: samples,
      at: 375,
      answer: 0,
    },
  ]);
});

describe("faults of a kind that has just begun", () => {
  const faults = /^100 \* \((sum.*) or vector\(0\)\) \/ /.exec(errors().value)![1]!;
  itAnswers([
    {
      what: "all of them between two scrapes",
      series: { [requests("Internal")]: "_x20 500x20", [ready()]: "1x40" },
      query: faults,
      at: 345,
      answer: 500,
    },
    {
      what: "on a pod that was gone soon after",
      series: { [requests("Internal")]: "_x20 50 stale", [ready()]: "1x20 stale" },
      query: faults,
      at: 345,
      answer: 50,
    },
    {
      what: "again, in a process that began anew",
      series: { [requests("Internal")]: "10x16 _x6 7x20", [ready()]: "1x40" },
      query: faults,
      at: 375,
      answer: 7,
    },
    {
      what: "long ago, and none since",
      series: { [requests("Internal")]: "_x10 500x30", [ready()]: "1x40" },
      query: faults,
      at: 345,
      answer: 0,
    },
  ]);
});

describe("a slot that was somebody else's a few minutes ago", () => {
  const series = {
    [requests("OK", "old")]: "0+5000x36 stale",
    [ready("old")]: "1x36 stale",
    [requests("OK", "new")]: "_x37 0+70x10",
    [requests("Internal", "new")]: "_x37 0+35x10",
    [ready("new")]: "_x37 1x10",
  };
  itAnswers([
    {
      what: "has the error rate of who is in it now",
      series,
      query: errors({ windowSeconds: 300 }).value,
      at: 615,
      answer: 33.33,
    },
    {
      what: "has its requests",
      series,
      query: errors({ windowSeconds: 300 }).samples!,
      at: 615,
      answer: 420,
    },
    {
      what: "has those of a pod of its own that crashed since it is asked",
      series: { ...series, [requests("OK", "old")]: "0x30 0+50x6 stale" },
      query: errors({ windowSeconds: 300, watchedSeconds: 180 }).samples!,
      at: 615,
      // Prometheus takes the crashed one's 300 to have gone on for half a scrape.
      answer: 730,
    },
  ]);
});

describe("an arm of an A/B test", () => {
  const queries = armQueries(
    { kind: "errorRate" },
    { slot: "green", service: "text-green", namespace: "models", windowSeconds: 600 },
  )!;
  itAnswers([
    {
      what: "counts faults of a kind that came between two scrapes",
      series: { [requests("OK")]: "0+100x40", [requests("Internal")]: "_x20 500x20" },
      query: queries.kind === "proportion" ? `(${queries.successes})` : "",
      at: 600,
      answer: 500,
    },
  ]);
});

describe("latencies", () => {
  const { value, live } = gateQueries({ kind: "latency", name: "p99", notSlowerThanLiveBy: 50 }, names);
  const of = (service: string, counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).map(([le, count]) => [bucket(le, service), `0+${count}x40`]);
  const series: Question["series"] = Object.fromEntries([
    // 11 and 24 ms.
    ...of("text-blue", { "0.01": 0, "0.0125": 100, "0.02": 100, "0.025": 100, "63": 100, "+Inf": 100 }),
    ...of("text-green", { "0.01": 0, "0.0125": 0, "0.02": 0, "0.025": 100, "63": 100, "+Inf": 100 }),
    ...["text-blue", "text-green"].map((service) => [
      `slipway_server_ready{namespace="models",service="${service}",pod="${service}-1"}`,
      "1x40",
    ]),
  ]) as Question["series"];
  itAnswers([
    {
      what: "of 11 and of 24 ms are not the same, in percent of the first",
      series,
      query: `100 * (${value}) / (${live!})`,
      at: 375,
      answer: 200,
    },
    {
      what: "beyond the last bound are given as that",
      series: {
        [bucket("63", "text-green")]: "0x40",
        [bucket("+Inf", "text-green")]: "0+100x40",
        [`slipway_server_ready{${OWN},pod="text-green-1"}`]: "1x40",
      },
      query: value,
      at: 375,
      answer: 63,
    },
  ]);
});
