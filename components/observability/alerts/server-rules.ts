import { METRIC } from "../../../runtime/contract";
import type { ResolvedAlerts } from "./alert-settings";
import { LEAST_SERVERS } from "./presence-rules";
import { duration, plain, selector, type Alert } from "./rule";

/** Refused requests in five minutes from which on it is more than a moment's crowd. */
const LEAST_REFUSED = 10;

const BY_MODEL = "namespace, service, model, version";

/** What may be wrong with single servers and their queues; somebody is woken by what users notice instead. */
export function serverAlerts(namespace: string, settings: ResolvedAlerts): Alert[] {
  const here = selector({ namespace });
  const serverReady = `min by (namespace, service, pod) (${METRIC.serverReady}${here}) == 0`;
  const modelReady = `min by (namespace, service, pod) (${METRIC.modelReady}${here}) == 0`;
  const fill = `max by (${BY_MODEL}) (${METRIC.pending}${here} / ${METRIC.queueCapacity}${here})`;
  const refused = (wrap: string) =>
    `sum by (${BY_MODEL}) (${wrap}(${METRIC.rejected}${selector({ namespace, reason: ["QueueFull", "Overloaded"] })}[5m]))`;
  const asked = `sum by (${BY_MODEL}) (rate(${METRIC.requests}${here}[5m]))`;
  const { queuePercent, rejectedPercent } = settings;
  const least = `${LEAST_SERVERS}${here}`;
  // Here and in what does not answer: two jobs may ask the same pod.
  const found = `count by (namespace, service) (group by (namespace, service, pod) (up${here}))`;
  return [
    {
      name: "SlipwayTargetMissing",
      severity: "ticket",
      expr: `count by (namespace, service) (group by (namespace, service, pod) (up${here} == 0))`,
      for: duration(settings.serverPatience),
      summary: "{{ $labels.service }}: {{ $value }} of its servers do not answer Prometheus",
      description:
        "Of the service {{ $labels.namespace }}/{{ $labels.service }} some servers cannot be read: nothing is known of them, and they may be down.",
    },
    {
      name: "SlipwayTargetMissing",
      severity: "ticket",
      expr: `${least} - on (namespace, service) (${found} or on (namespace, service) 0 * ${least}) > 0`,
      for: duration(settings.serverPatience),
      labels: { sign: "absent" },
      summary: "{{ $labels.service }}: {{ $value }} of its servers have not been started",
      description:
        "The service {{ $labels.namespace }}/{{ $labels.service }} has fewer pods with an address than it must have: no node has room for them, or nobody may make them.",
    },
    {
      name: "SlipwayModelNotReady",
      severity: "ticket",
      expr: `count by (namespace, service) (${serverReady} or ${modelReady})`,
      for: duration(settings.serverPatience),
      summary: "{{ $labels.service }}: {{ $value }} of its servers are not ready",
      description:
        "Of the service {{ $labels.namespace }}/{{ $labels.service }} some servers, or models on them, do not get ready. Others may still serve, with less room.",
    },
    {
      name: "SlipwayQueueSaturated",
      severity: "ticket",
      expr: `${fill} > ${plain(queuePercent / 100)}`,
      for: "5m",
      labels: { sign: "full" },
      summary:
        "{{ $labels.service }}: the queue of {{ $labels.model }} is {{ $value | humanizePercentage }} full",
      description: `Requests for {{ $labels.model }} version {{ $labels.version }} wait: on one server at least, more than ${queuePercent} % of the queue is taken. Latency grows, refusals follow.`,
    },
    {
      name: "SlipwayQueueSaturated",
      severity: "ticket",
      expr: `${refused("rate")} / ${asked} > ${plain(rejectedPercent / 100)} and ${refused("increase")} >= ${LEAST_REFUSED}`,
      for: "5m",
      labels: { sign: "refused" },
      summary:
        "{{ $labels.service }}: {{ $value | humanizePercentage }} of requests for {{ $labels.model }} are refused, the queue is full",
      description: `Servers of {{ $labels.namespace }}/{{ $labels.service }} answer 503 to more than ${rejectedPercent} % of the requests for {{ $labels.model }}: too few pods, or a queue that is too short for bursts.`,
    },
  ];
}

/** The way in: without a proxy nobody reaches any service. */
export function gatewayAlerts(job: string, namespace: string): Alert[] {
  return [
    {
      name: "SlipwayTargetMissing",
      severity: "page",
      expr: `absent(up${selector({ namespace, job })} == 1)`,
      for: "1m",
      labels: { namespace, service: "gateway" },
      summary: "The gateway: none of its proxies answers Prometheus",
      description: `There is no proxy of the gateway in namespace ${namespace}, or none that can be reached: no request gets in.`,
    },
  ];
}

/** When certificates end: those of the servers, and those that the gateway shows or trusts. */
export function certificateAlerts({ certificateTicketDays, certificatePageDays }: ResolvedAlerts): Alert[] {
  const servers = `min by (namespace, service) (${METRIC.certificateExpiry})`;
  const gateway = ["listener", "cluster"]
    .map(
      (part) =>
        `min by (namespace, envoy_tls_certificate) (envoy_${part}_ssl_certificate_expiration_unix_time_seconds)`,
    )
    .join(" or ");
  const left = `(${servers} or ${gateway}) - time()`;
  return (
    [
      ["page", certificatePageDays],
      ["ticket", certificateTicketDays],
    ] as const
  ).map(([severity, days]) => ({
    name: "SlipwayCertificateExpiring",
    severity,
    expr: `${left} < ${plain(days * 86_400)}`,
    for: "10m",
    summary:
      "The certificate {{ with $labels.envoy_tls_certificate }}{{ . }} of the gateway{{ else }}of {{ $labels.service }}{{ end }} ends in {{ $value | humanizeDuration }}",
    description: `It is replaced by an \`up\` within its last 30 days, and there has been none, or what replaces it is broken. Once it has ended, the gateway cannot reach the server, or clients refuse the gateway.`,
  }));
}
