import { ofKind, typesOfKinds } from "../../model/by-kind";
import type { Field } from "../../model/field";
import { eachRule } from "../../model/input-rule";
import { isPlainUrlOutside } from "../../model/plain-urls";
import { saysOff } from "../../model/scalars";
import type { Subject } from "../../model/subject";

/** Where a kind describes a connection that it opens: the object, and in it the address and the settings of TLS. */
interface Place {
  readonly path: string;
  readonly url?: string;
  readonly tls: string;
}

const endpoint = (path: string): Place => ({ path, tls: "tlsConfig" });
const sending = (path: string): Place => ({ path, url: "url", tls: "tlsConfig" });

const REMOTE = [
  sending("spec.remoteWrite.*"),
  sending("spec.remoteRead.*"),
  endpoint("spec.alerting.alertmanagers.*"),
];

const MONITORING = "monitoring.coreos.com";

const PLACES: Readonly<Record<string, readonly Place[]>> = {
  [`${MONITORING}/Prometheus`]: REMOTE,
  [`${MONITORING}/PrometheusAgent`]: REMOTE,
  [`${MONITORING}/ThanosRuler`]: [sending("spec.remoteWrite.*")],
  [`${MONITORING}/ServiceMonitor`]: [endpoint("spec.endpoints.*")],
  [`${MONITORING}/PodMonitor`]: [endpoint("spec.podMetricsEndpoints.*")],
  [`${MONITORING}/Probe`]: [endpoint("spec")],
  [`${MONITORING}/ScrapeConfig`]: [endpoint("spec")],
  [`${MONITORING}/AlertmanagerConfig`]: [
    { path: "spec.receivers.*.webhookConfigs.*", url: "url", tls: "httpConfig.tlsConfig" },
  ],
  "opentelemetry.io/OpenTelemetryCollector": [
    { path: "spec.config.exporters.*", url: "endpoint", tls: "tls" },
  ],
};

interface Connection {
  readonly url: Field | undefined;
  readonly tls: Field;
}

function connectionsOf(fields: Field, { type }: Subject): Connection[] {
  return (ofKind(PLACES, type) ?? []).flatMap(({ path, url, tls }) =>
    fields.all(path.split(".")).map((place) => ({
      url: url === undefined ? undefined : place.get(url),
      tls: place.get(...tls.split(".")),
    })),
  );
}

const isOn = (field: Field): boolean => !field.isOff() && !saysOff(field);

/** An address as a URL; that of a gRPC exporter has no scheme, and TLS unless `insecure` says otherwise. */
function isPlain({ url, tls }: Connection): boolean {
  // An address that is not known yet comes from another resource; what is known of the connection is judged all the same.
  if (url === undefined || url.isUnknown) return false;
  const text = url.string() ?? "";
  if (text.includes("://")) return isPlainUrlOutside(text);
  return isOn(tls.get("insecure")) && isPlainUrlOutside(`http://${text}`);
}

export const telemetryTls = eachRule<Connection>(
  {
    id: "telemetry-tls",
    title: "Metrics, traces and alerts travel over verified TLS",
    severity: "medium",
    description:
      "What is scraped or sent on has tokens with it and tells what runs where; without verification, or over plain http to what is outside the cluster, whoever is on the way reads it, or answers instead.",
    remediation:
      'tlsConfig: { ca: { configMap: { name: "authority", key: "ca.crt" } }, serverName } // without insecureSkipVerify',
    types: typesOfKinds(PLACES),
    controls: [],
  },
  connectionsOf,
  (connection) => {
    if (isPlain(connection)) {
      return `must use TLS in \`${connection.url!.path}\`, not ${connection.url!.show()}.`;
    }
    const skipped = ["insecureSkipVerify", "insecure_skip_verify"]
      .map((name) => connection.tls.get(name))
      .find(isOn);
    return skipped && `must not set \`${skipped.path}\`.`;
  },
);
