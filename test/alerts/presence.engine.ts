import assert from "node:assert/strict";
import { itHolds, type Case } from "./support/promtool-case";
import { GATEWAY_JOB, platform, presence } from "./support/rules";

const own = (pod: string) => `namespace="models",service="text",pod="${pod}"`;
const up = (pod: string) => `up{${own(pod)}}`;
const modelReady = (pod: string, model = "ocr", version = "4") =>
  `slipway_model_ready{${own(pod)},model="${model}",version="${version}"}`;
const serverReady = (pod: string) => `slipway_server_ready{${own(pod)}}`;
const proxy = `up{namespace="gateways",job="${GATEWAY_JOB}",pod="envoy-1"}`;

const SERVICE = { namespace: "models", service: "text" };
const gone = {
  severity: "page" as const,
  labels: SERVICE,
  summary: "text: none of its servers answers Prometheus",
};
const unready = {
  severity: "page" as const,
  labels: { ...SERVICE, model: "ocr" },
  summary: "text: no server serves ocr",
};
const closed = {
  severity: "page" as const,
  labels: { namespace: "gateways", service: "gateway" },
  summary: "The gateway: none of its proxies answers Prometheus",
};
const notStarted = (count: number) => ({
  severity: "ticket" as const,
  labels: { ...SERVICE, sign: "absent" },
  summary: `text: ${count} of its servers have not been started`,
});
const some = (summary: string) => ({ severity: "ticket" as const, labels: SERVICE, summary });

const TARGET = { alert: "SlipwayTargetMissing" } as const;
const MODEL = { alert: "SlipwayModelNotReady" } as const;

/** A page must be out within two minutes of what it is about, the look of Prometheus included. */
const OF_A_SERVICE: readonly Case[] = [
  {
    ...TARGET,
    what: "the last pod went: known within a minute and a half",
    series: { [up("text-1")]: "1x10 stale _x20" },
    at: "4m15s",
    fires: [gone],
  },
  {
    ...TARGET,
    what: "the pods are there and do not answer",
    series: { [up("text-1")]: "0x20", [up("text-2")]: "0x20" },
    at: "2m",
    fires: [gone],
  },
  {
    ...TARGET,
    what: "away for less than a minute",
    series: { [up("text-1")]: "1x10 stale _x3 1x20" },
    at: "3m15s",
    fires: [],
  },
  {
    ...TARGET,
    what: "one of two answers",
    series: { [up("text-1")]: "0x20", [up("text-2")]: "1x20" },
    at: "5m",
    fires: [],
  },
  { ...TARGET, what: "it is back", series: { [up("text-1")]: "0x20 1x10" }, at: "6m", fires: [] },
  {
    ...MODEL,
    what: "a model that was served is on no server",
    series: {
      [up("text-1")]: "1x30",
      [modelReady("text-1")]: "1x10 0x20",
      [modelReady("text-2")]: "1x10 stale _x20",
    },
    at: "4m",
    fires: [unready],
  },
  {
    ...MODEL,
    what: "for three hours: it goes on until somebody has mended it",
    series: { [modelReady("text-1")]: "1x10 0x720" },
    at: "3h",
    fires: [unready],
  },
  {
    ...MODEL,
    what: "one of two servers has it",
    series: { [modelReady("text-1")]: "1x10 0x20", [modelReady("text-2")]: "1x30" },
    at: "5m",
    fires: [],
  },
  {
    ...MODEL,
    what: "another version of it is served",
    series: { [modelReady("text-1")]: "1x10 0x20", [modelReady("text-2", "ocr", "5")]: "1x30" },
    at: "5m",
    fires: [],
  },
  {
    ...MODEL,
    what: "it is loading for the first time",
    series: { [modelReady("text-1")]: "0x30" },
    at: "5m",
    fires: [],
  },
  {
    ...MODEL,
    what: "it is ready again",
    series: { [modelReady("text-1")]: "1x10 0x10 1x10" },
    at: "6m",
    fires: [],
  },
  { ...MODEL, what: "nothing is known", series: {}, at: "5m", fires: [] },
];

const OF_THE_PLATFORM: readonly Case[] = [
  {
    ...TARGET,
    what: "the last proxy went",
    series: { [proxy]: "1x10 stale _x20" },
    at: "4m15s",
    fires: [closed],
  },
  {
    ...TARGET,
    what: "one of two servers has been away for a quarter of an hour",
    series: { [proxy]: "1x80", [up("text-1")]: "0x80", [up("text-2")]: "1x80" },
    at: "16m",
    fires: [some("text: 1 of its servers do not answer Prometheus")],
  },
  {
    ...TARGET,
    what: "two jobs ask the one of two servers that has been away",
    series: {
      [proxy]: "1x80",
      [up("text-1")]: "0x80",
      [`up{${own("text-1")},job="other"}`]: "0x80",
      [up("text-2")]: "1x80",
      [`up{${own("text-2")},job="other"}`]: "1x80",
    },
    at: "16m",
    fires: [some("text: 1 of its servers do not answer Prometheus")],
  },
  {
    ...TARGET,
    what: "a slot's server has been away: the ticket names the rollout",
    series: { [proxy]: "1x80", 'up{namespace="models",service="voice-blue",pod="voice-blue-1"}': "0x80" },
    at: "16m",
    fires: [
      {
        severity: "ticket",
        labels: { namespace: "models", service: "voice-blue", rollout: "voice" },
        summary: "voice-blue: 1 of its servers do not answer Prometheus",
      },
    ],
  },
  {
    ...TARGET,
    what: "a server was away for ten minutes, as in an update",
    series: { [proxy]: "1x80", [up("text-1")]: "0x40 1x40" },
    at: "16m",
    fires: [],
  },
  {
    ...MODEL,
    what: "one of two servers does not get ready, the other has a model that does not",
    series: {
      [serverReady("text-1")]: "0x80",
      [serverReady("text-2")]: "1x80",
      [modelReady("text-2")]: "0x80",
    },
    at: "16m",
    fires: [some("text: 2 of its servers are not ready")],
  },
  {
    ...MODEL,
    what: "a server took ten minutes to load",
    series: { [serverReady("text-1")]: "0x40 1x40", [modelReady("text-1")]: "0x40 1x40" },
    at: "16m",
    fires: [],
  },
];

/** Of a service that has two pods at least; Prometheus knows only those that have an address. */
const OF_PODS_THAT_WAIT: readonly Case[] = [
  {
    ...TARGET,
    what: "one of two pods has waited for a node for a quarter of an hour",
    series: { [proxy]: "1x80", [up("text-1")]: "1x80" },
    at: "17m",
    fires: [notStarted(1)],
  },
  {
    ...TARGET,
    what: "two jobs ask the only pod that there is",
    series: { [proxy]: "1x80", [up("text-1")]: "1x80", [`up{${own("text-1")},job="other"}`]: "1x80" },
    at: "17m",
    fires: [notStarted(1)],
  },
  {
    ...TARGET,
    what: "none of the pods has a node: a ticket, beside the page",
    series: { [proxy]: "1x80" },
    at: "17m",
    fires: [gone, notStarted(2)],
  },
  {
    ...TARGET,
    what: "one waits, one does not answer",
    series: { [proxy]: "1x80", [up("text-1")]: "0x80" },
    at: "17m",
    fires: [gone, some("text: 1 of its servers do not answer Prometheus"), notStarted(1)],
  },
  {
    ...TARGET,
    what: "the second pod took ten minutes to find a node",
    series: { [proxy]: "1x80", [up("text-1")]: "1x80", [up("text-2")]: "_x40 1x40" },
    at: "17m",
    fires: [],
  },
  {
    ...TARGET,
    what: "more pods than it must have",
    series: { [proxy]: "1x80", [up("text-1")]: "1x80", [up("text-2")]: "1x80", [up("text-3")]: "1x80" },
    at: "17m",
    fires: [],
  },
];

describe("alerts on what is not there", () => {
  describe("of a service", () => itHolds(presence(), OF_A_SERVICE));
  describe("of the platform", () => itHolds(platform(), OF_THE_PLATFORM));

  describe("of pods that no node has room for", () =>
    itHolds([...presence(), ...platform()], OF_PODS_THAT_WAIT));

  describe("of a service with autoscaling that begins with one pod", () =>
    itHolds(
      [...presence({ minimums: { text: 1 } }), ...platform()],
      [
        {
          ...TARGET,
          what: "one pod is enough",
          series: { [proxy]: "1x80", [up("text-1")]: "1x80" },
          at: "17m",
          fires: [],
        },
      ],
    ));

  it("leave a service alone that may sleep", () => {
    assert.deepEqual(presence({ mayWait: true }), []);
  });

  describe("of a service in two slots", () => {
    itHolds(presence({ servers: ["text-blue", "text-green"] }), [
      {
        ...TARGET,
        what: "the other slot has a server",
        series: {
          'up{namespace="models",service="text-blue"}': "0x20",
          'up{namespace="models",service="text-green"}': "1x20",
        },
        at: "5m",
        fires: [],
      },
      {
        ...TARGET,
        what: "neither has one, and another service does not stand in for it",
        series: {
          'up{namespace="models",service="text-blue"}': "0x20",
          'up{namespace="models",service="text"}': "1x20",
        },
        at: "5m",
        fires: [{ ...gone, labels: { ...SERVICE, rollout: "text" } }],
      },
    ]);

    const slots = { servers: ["text-blue", "text-green"], minimums: { "text-blue": 2, "text-green": 1 } };
    itHolds(
      [...presence(slots), ...platform()],
      [
        {
          ...TARGET,
          what: "one slot lacks a pod, the other has all of its own",
          series: {
            [proxy]: "1x80",
            'up{namespace="models",service="text-blue",pod="text-blue-1"}': "1x80",
            'up{namespace="models",service="text-green",pod="text-green-1"}': "1x80",
          },
          at: "17m",
          fires: [
            {
              severity: "ticket",
              labels: { namespace: "models", service: "text-blue", rollout: "text", sign: "absent" },
              summary: "text-blue: 1 of its servers have not been started",
            },
          ],
        },
        {
          ...TARGET,
          what: "neither slot has a pod",
          series: { [proxy]: "1x80" },
          at: "17m",
          fires: [
            { ...gone, labels: { ...SERVICE, rollout: "text" } },
            ...(
              [
                ["text-blue", 2],
                ["text-green", 1],
              ] as const
            ).map(([service, count]) => ({
              severity: "ticket" as const,
              labels: { namespace: "models", service, rollout: "text", sign: "absent" },
              summary: `${service}: ${count} of its servers have not been started`,
            })),
          ],
        },
      ],
    );
  });
});
