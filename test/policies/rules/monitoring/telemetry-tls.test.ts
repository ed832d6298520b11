import { telemetryTls } from "../../../../policies/rules/monitoring/telemetry-tls";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

const of = (type: string) => (spec: unknown) =>
  put("watcher", `kubernetes:${type}`, { metadata: { name: "watcher", namespace: "team" }, spec });

const podMonitor = of("monitoring.coreos.com/v1:PodMonitor");
const probe = of("monitoring.coreos.com/v1:Probe");
const alerts = of("monitoring.coreos.com/v1alpha1:AlertmanagerConfig");
const collector = of("opentelemetry.io/v1beta1:OpenTelemetryCollector");

const write = (...targets: readonly unknown[]) => set("prometheus", "spec.remoteWrite", targets);
const scrape = (tlsConfig: unknown) =>
  podMonitor({
    selector: { matchLabels: { app: "text" } },
    podMetricsEndpoints: [{ port: "http", scheme: "https", tlsConfig }],
  });
const receiver = (webhook: unknown) => alerts({ receivers: [{ name: "team", webhookConfigs: [webhook] }] });
const exporter = (otlp: unknown) => collector({ config: { exporters: { otlp } } });

describeRule(telemetryTls, {
  good: {
    "to the outside": write({ url: "https://metrics.example/api/v1/push" }),
    "to a Service": write({ url: "http://mimir.metrics.svc:8080/api/v1/push" }),
    "an address not known yet": write({ url: UNKNOWN }),
    scraped: scrape({ serverName: "text", insecureSkipVerify: false }),
    "a receiver in the cluster": receiver({ url: "http://retrain:8080/alerts" }),
    "an exporter": exporter({ endpoint: "traces.example:4317", tls: { insecure: false } }),
    "an exporter in the cluster": exporter({ endpoint: "tempo.traces.svc:4317", tls: { insecure: true } }),
  },
  bad: {
    "to the outside": write({ url: "http://metrics.example/api/v1/push" }),
    unverified: write({ url: "https://metrics.example", tlsConfig: { insecureSkipVerify: true } }),
    "read from the outside": set("prometheus", "spec.remoteRead", [{ url: "http://metrics.example/read" }]),
    "scraped from anybody": scrape({ insecureSkipVerify: true }),
    "probed by anybody": probe({ prober: { url: "prober" }, tlsConfig: { insecureSkipVerify: true } }),
    "a receiver outside": receiver({ url: "http://alerts.example/hook" }),
    "any receiver": receiver({
      url: "https://alerts.example/hook",
      httpConfig: { tlsConfig: { insecureSkipVerify: true } },
    }),
    "an exporter": exporter({ endpoint: "traces.example:4317", tls: { insecure: true } }),
    "an exporter by HTTP": exporter({ endpoint: "http://traces.example:4318" }),
    "any exporter": exporter({ endpoint: "tempo:4317", tls: { insecure_skip_verify: true } }),
  },
  partial: {
    "one of two": write({ url: "https://metrics.example/push" }, { url: "http://metrics.example/push" }),
    "authorities that nobody asks": scrape({
      ca: { configMap: { name: "ca", key: "ca.crt" } },
      insecureSkipVerify: true,
    }),
  },
  wrongType: { "a text for a switch": scrape({ insecureSkipVerify: "true" }) },
  notJudged: { "a configuration as a text": collector({ config: "exporters: {}" }) },
  unknown: {
    targets: set("prometheus", "spec.remoteWrite", UNKNOWN),
    switch: scrape({ insecureSkipVerify: UNKNOWN }),
    "settings of TLS": scrape(UNKNOWN),
  },
});
