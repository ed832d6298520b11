import { itHolds, type Case } from "./support/promtool-case";
import { objectives } from "./support/rules";

const STEP = { alert: "SlipwayLatencyBudgetBurn", interval: "30s", at: "30m" } as const;
const LABELS = { namespace: "models", service: "text", objective: "99%" };
const own = 'namespace="models",service="text",pod="text-1",model="ocr",version="4"';
const count = `slipway_inference_request_duration_seconds_count{${own}}`;
const bucket = (le: string) => `slipway_inference_request_duration_seconds_bucket{${own},le="${le}"}`;

const slow = (share: string, ...severities: ("page" | "ticket")[]) =>
  severities.map((severity) => ({
    severity,
    labels: LABELS,
    summary: `text: ${share} of requests slow, more than the objective of 99 % can bear`,
  }));

const within = (le: string): readonly Case[] => [
  {
    ...STEP,
    what: `a fifth takes longer than ${le} s`,
    series: { [count]: "0+1000x60", [bucket(le)]: "0+800x60", [bucket("+Inf")]: "0+1000x60" },
    fires: slow("20%", "page", "ticket"),
  },
  {
    ...STEP,
    what: "five in a hundred: for the morning",
    series: { [count]: "0+1000x60", [bucket(le)]: "0+950x60" },
    fires: slow("5%", "ticket"),
  },
  {
    ...STEP,
    what: "just within the objective",
    series: { [count]: "0+1000x60", [bucket(le)]: "0+991x60" },
    fires: [],
  },
  {
    ...STEP,
    what: "slow for a quarter of an hour, quick again for an hour: nobody is woken",
    series: { [count]: "0+1000x150", [bucket(le)]: "0x30 0+1000x120" },
    at: "1h15m",
    fires: slow("21.31%", "ticket"),
  },
  {
    ...STEP,
    what: "eight slow requests at night",
    series: { [count]: "0+1x8 8x52", [bucket(le)]: "0x60" },
    fires: [],
  },
  { ...STEP, what: "no series at all", series: {}, fires: [] },
];

describe("latency objectives", () => {
  describe("at a bound of the histogram", () => {
    itHolds(objectives({ latency: { percent: 99, seconds: 0.25 } }), within("0.25"), 30);
  });
  describe("at a whole bound, as Prometheus 2 and 3 write it", () => {
    for (const le of ["1", "1.0"])
      itHolds(objectives({ latency: { percent: 99, seconds: 1 } }), within(le).slice(0, 1), 30);
  });
});
