import { itHolds, type Case } from "./support/promtool-case";
import { platform } from "./support/rules";

const MODEL = { namespace: "models", service: "text", model: "ocr", version: "4" };
const of = (pod: string, more = "") =>
  `{namespace="models",service="text",pod="${pod}",model="ocr",version="4"${more}}`;
const pending = (pod: string) => `slipway_inference_pending_requests${of(pod)}`;
const capacity = (pod: string) => `slipway_inference_queue_capacity_requests${of(pod)}`;
const rejected = (reason: string) =>
  `slipway_inference_rejected_requests_total${of("text-1", `,reason="${reason}"`)}`;
const answered = (code: string) => `slipway_inference_requests_total${of("text-1", `,code="${code}"`)}`;

const QUEUE = { alert: "SlipwayQueueSaturated", at: "12m" } as const;
const full = (share: string) => ({
  severity: "ticket" as const,
  labels: { ...MODEL, sign: "full" },
  summary: `text: the queue of ocr is ${share} full`,
});
const refused = (share: string) => ({
  severity: "ticket" as const,
  labels: { ...MODEL, sign: "refused" },
  summary: `text: ${share} of requests for ocr are refused, the queue is full`,
});

const QUEUES: readonly Case[] = [
  {
    ...QUEUE,
    what: "one of two servers has had its queue full",
    series: {
      [pending("text-1")]: "900x60",
      [pending("text-2")]: "0x60",
      [capacity("text-1")]: "1024x60",
      [capacity("text-2")]: "1024x60",
    },
    fires: [full("87.89%")],
  },
  {
    ...QUEUE,
    what: "just at the limit",
    series: { [pending("text-1")]: "80x60", [capacity("text-1")]: "100x60" },
    fires: [],
  },
  {
    ...QUEUE,
    what: "full for four minutes, as a burst has it",
    series: { [pending("text-1")]: "0x30 100x16 0x20", [capacity("text-1")]: "100x66" },
    fires: [],
  },
  { ...QUEUE, what: "a model without a queue", series: { [pending("text-1")]: "900x60" }, fires: [] },
  {
    ...QUEUE,
    what: "two in a hundred are refused",
    series: {
      [rejected("QueueFull")]: "0+2x60",
      [answered("QueueFull")]: "0+2x60",
      [answered("OK")]: "0+98x60",
    },
    fires: [refused("2%")],
  },
  {
    ...QUEUE,
    what: "just below one in a hundred",
    series: {
      [rejected("QueueFull")]: "0+9x60",
      [answered("QueueFull")]: "0+9x60",
      [answered("OK")]: "0+991x60",
    },
    fires: [],
  },
  {
    ...QUEUE,
    what: "refused for another reason",
    series: {
      [rejected("Draining")]: "0+50x60",
      [answered("Draining")]: "0+50x60",
      [answered("OK")]: "0+50x60",
    },
    fires: [],
  },
  {
    ...QUEUE,
    what: "six requests in five minutes, two of them refused",
    series: {
      [rejected("QueueFull")]: "0+0.1x60",
      [answered("QueueFull")]: "0+0.1x60",
      [answered("OK")]: "0+0.2x60",
    },
    fires: [],
  },
  { ...QUEUE, what: "no series at all", series: {}, fires: [] },
];

/** promtool's clock begins at 0: seconds since then are what is left. */
const days = (count: number) => count * 86_400 + 900;
const own =
  'slipway_tls_certificate_expiry_timestamp_seconds{namespace="models",service="text",pod="text-1"}';
const other =
  'slipway_tls_certificate_expiry_timestamp_seconds{namespace="models",service="text",pod="text-2"}';
const shown =
  'envoy_listener_ssl_certificate_expiration_unix_time_seconds{namespace="gateways",pod="envoy-1",envoy_tls_certificate="front/tls"}';
const trusted =
  'envoy_cluster_ssl_certificate_expiration_unix_time_seconds{namespace="gateways",pod="envoy-1",envoy_cluster_name="a",envoy_tls_certificate="text/ca"}';
const CERTIFICATE = { alert: "SlipwayCertificateExpiring", at: "15m" } as const;
const SERVER = { namespace: "models", service: "text" };
const ending = (severity: "page" | "ticket", labels: Record<string, string>, what: string, left: string) => ({
  severity,
  labels,
  summary: `The certificate ${what} ends in ${left}`,
});

const CERTIFICATES: readonly Case[] = [
  {
    ...CERTIFICATE,
    what: "a server's ends in twenty days; another pod has a newer one",
    series: { [own]: `${days(20)}x70`, [other]: `${days(300)}x70` },
    fires: [ending("ticket", SERVER, "of text", "20d 0h 0m 0s")],
  },
  {
    ...CERTIFICATE,
    what: "a server's ends in two days",
    series: { [own]: `${days(2)}x70` },
    fires: [
      ending("page", SERVER, "of text", "2d 0h 0m 0s"),
      ending("ticket", SERVER, "of text", "2d 0h 0m 0s"),
    ],
  },
  {
    ...CERTIFICATE,
    what: "the one that the gateway shows ends in a day, one that it trusts in ten",
    series: { [shown]: `${days(1)}x70`, [trusted]: `${days(10)}x70` },
    fires: [
      ending(
        "page",
        { namespace: "gateways", envoy_tls_certificate: "front/tls" },
        "front/tls of the gateway",
        "1d 0h 0m 0s",
      ),
      ending(
        "ticket",
        { namespace: "gateways", envoy_tls_certificate: "front/tls" },
        "front/tls of the gateway",
        "1d 0h 0m 0s",
      ),
      ending(
        "ticket",
        { namespace: "gateways", envoy_tls_certificate: "text/ca" },
        "text/ca of the gateway",
        "10d 0h 0m 0s",
      ),
    ],
  },
  {
    ...CERTIFICATE,
    what: "twenty-two days are left",
    series: { [own]: `${days(22)}x70`, [shown]: `${days(22)}x70` },
    fires: [],
  },
  { ...CERTIFICATE, what: "it was renewed", series: { [own]: `${days(2)}x30 ${days(365)}x40` }, fires: [] },
  { ...CERTIFICATE, what: "servers without TLS", series: {}, fires: [] },
];

describe("alerts on servers", () => {
  itHolds(platform(), [...QUEUES, ...CERTIFICATES]);

  describe("with bounds of one's own", () => {
    itHolds(platform({ queuePercent: 50, certificateTicketDays: 40 }), [
      {
        ...QUEUE,
        what: "more than half full",
        series: { [pending("text-1")]: "51x60", [capacity("text-1")]: "100x60" },
        fires: [full("51%")],
      },
      {
        ...CERTIFICATE,
        what: "thirty days are left",
        series: { [own]: `${days(30)}x70` },
        fires: [ending("ticket", SERVER, "of text", "30d 0h 0m 0s")],
      },
    ]);
  });
});
