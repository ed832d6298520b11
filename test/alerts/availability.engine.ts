import { itHolds, type Case } from "./support/promtool-case";
import { objectives } from "./support/rules";

/** At the pace of the rules' evaluation; 300 in 30 s are ten a second. */
const STEP = { alert: "SlipwayAvailabilityBudgetBurn", interval: "30s" } as const;
const LABELS = { namespace: "models", service: "text", objective: "99.9%" };

const gateway = (status: number) =>
  `envoy_cluster_upstream_rq_xx{envoy_cluster_name="httproute/models/text/rule/0",envoy_response_code_class="${status}",pod="envoy-1"}`;
const server = (code: string) =>
  `slipway_inference_requests_total{namespace="models",service="text",pod="text-1",model="ocr",version="4",code="${code}"}`;
const ready = 'slipway_server_ready{namespace="models",service="text",pod="text-1"}';
const direct = 'envoy_http_rq_direct_response{envoy_http_conn_manager_prefix="https-10443",pod="envoy-1"}';

const burning = (share: string, ...severities: ("page" | "ticket")[]) =>
  severities.map((severity) => ({
    severity,
    labels: LABELS,
    summary: `text: ${share} of requests failed, more than the objective of 99.9 % can bear`,
  }));

const CASES: readonly Case[] = [
  {
    ...STEP,
    what: "every request fails at the gateway for five minutes, after a good hour",
    series: { [gateway(2)]: "0+300x120 36000x20", [gateway(5)]: "0x120 0+300x20", [ready]: "1x140" },
    at: "1h5m",
    fires: [...burning("3.797%", "page"), ...burning("3.629%", "ticket")],
  },
  {
    ...STEP,
    what: "a tenth of the calls fail in a way that only the servers know, as gRPC's do",
    series: { [gateway(2)]: "0+300x30", [server("OK")]: "0+270x30", [server("Internal")]: "0+30x30" },
    at: "15m",
    fires: burning("10%", "page", "ticket"),
  },
  {
    ...STEP,
    what: "no server is ready, and the gateway answers the routes itself",
    series: {
      [gateway(2)]: "0+300x60 stale _x20",
      [ready]: "1x60 stale _x20",
      [direct]: "0x60 0+300x20",
    },
    at: "40m",
    fires: burning("18.83%", "page", "ticket"),
  },
  {
    ...STEP,
    what: "another service's routes are answered by the gateway itself, this one is well",
    series: { [gateway(2)]: "0+300x80", [ready]: "1x80", [direct]: "0+300x80" },
    at: "40m",
    fires: [],
  },
  {
    ...STEP,
    what: "one request in two hundred fails: within the budget of days, not of months",
    series: { [gateway(2)]: "0+1990x130", [gateway(5)]: "0+10x130" },
    at: "1h",
    fires: burning("0.5%", "ticket"),
  },
  {
    ...STEP,
    what: "just below what the budget bears",
    series: { [gateway(2)]: "0+9991x130", [gateway(5)]: "0+9x130" },
    at: "1h",
    fires: [],
  },
  {
    ...STEP,
    what: "just above what the budget bears",
    series: { [gateway(2)]: "0+9988x130", [gateway(5)]: "0+12x130" },
    at: "1h",
    fires: burning("0.12%", "ticket"),
  },
  {
    ...STEP,
    what: "an outage of ten minutes ended three quarters of an hour ago: nobody is woken, the ticket stays for the day",
    series: { [gateway(2)]: "0+300x240 72000x20 72000+300x90", [gateway(5)]: "0x240 0+300x20 6000x90" },
    at: "2h55m",
    fires: burning("5.685%", "ticket"),
  },
  {
    ...STEP,
    what: "an outage that has been over for longer than every short window",
    series: { [gateway(2)]: "0+300x240 72000x20 72000+300x900", [gateway(5)]: "0x240 0+300x20 6000x900" },
    at: "9h",
    fires: [],
  },
  {
    ...STEP,
    what: "nine requests in an hour, all failed: too few to tell",
    series: { [gateway(2)]: "0x120", [gateway(5)]: "0 0+1x9 9x110" },
    at: "1h",
    fires: [],
  },
  {
    ...STEP,
    what: "forty requests in twenty minutes, all failed",
    series: { [gateway(2)]: "0x40", [gateway(5)]: "0+1x40" },
    at: "20m",
    fires: burning("100%", "page", "ticket"),
  },
  {
    ...STEP,
    what: "clients' own mistakes",
    series: {
      [gateway(2)]: "0+150x60",
      [gateway(4)]: "0+150x60",
      [server("OK")]: "0+150x60",
      [server("InvalidInput")]: "0+150x60",
    },
    at: "30m",
    fires: [],
  },
  {
    ...STEP,
    what: "nobody asks",
    series: { [gateway(2)]: "100x60", [gateway(5)]: "50x60" },
    at: "30m",
    fires: [],
  },
  { ...STEP, what: "no series at all", series: {}, at: "30m", fires: [] },
];

describe("availability objectives", () => {
  itHolds(objectives({ availability: { percent: 99.9 } }), CASES, 30);

  describe("of a service that may sleep", () => {
    itHolds(
      objectives({ availability: { percent: 99.9 } }, { mayWait: true }),
      [
        {
          ...STEP,
          what: "the gateway answers while it has no server",
          series: { [direct]: "0+300x80" },
          at: "40m",
          fires: [],
        },
      ],
      30,
    );
  });

  describe("of 60 %, whose multiples exceed all requests", () => {
    itHolds(
      objectives({ availability: { percent: 60 } }),
      [
        {
          ...STEP,
          what: "an outage wakes somebody all the same",
          series: { [gateway(2)]: "0x140", [gateway(5)]: "0+300x140" },
          at: "1h5m",
          fires: ["page" as const, "ticket" as const].map((severity) => ({
            severity,
            labels: { ...LABELS, objective: "60%" },
            summary: "text: 100% of requests failed, more than the objective of 60 % can bear",
          })),
        },
      ],
      30,
    );
  });

  describe("over a week", () => {
    const weekly = { availability: { percent: 99.9 }, windowDays: 7 };
    itHolds(
      objectives(weekly),
      [
        {
          ...STEP,
          what: "half a percent is four times faster than a week's budget may go",
          series: { [gateway(2)]: "0+1990x200", [gateway(5)]: "0+10x200" },
          at: "1h30m",
          fires: burning("0.5%", "page", "ticket"),
        },
      ],
      30,
    );
  });

  describe("of a service in two slots", () => {
    itHolds(
      objectives({ availability: { percent: 99.9 } }, { servers: ["text-blue", "text-green"] }),
      [
        {
          ...STEP,
          what: "the candidate's failures are the service's",
          series: {
            'slipway_inference_requests_total{namespace="models",service="text-blue",code="OK"}': "0+270x30",
            'slipway_inference_requests_total{namespace="models",service="text-green",code="WorkerCrashed"}':
              "0+30x30",
            'slipway_inference_requests_total{namespace="models",service="text-other",code="OK"}':
              "0+9999x30",
          },
          at: "15m",
          fires: burning("10%", "page", "ticket").map((firing) => ({
            ...firing,
            labels: { ...firing.labels, rollout: "text" },
          })),
        },
      ],
      30,
    );
  });
});
