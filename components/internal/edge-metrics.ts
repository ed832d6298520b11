import { METRICS_PATH, METRICS_PORT } from "../../runtime/contract";
import type { ResolvedMetrics } from "../edge/edge-settings";
import { byteQuantity } from "./model-footprint";

export const AGENT_PORT = 9090;
export const AGENT_UID = 65534;
export const CONFIG_FOLDER = "/etc/prometheus";
export const CREDENTIALS_FOLDER = "/etc/prometheus-credentials";
export const DATA_FOLDER = "/prometheus";

/** Bytes of a sample in the log before it is compressed: its value, and what its time and series differ by. */
const BYTES_PER_SAMPLE = 16;

/** What is not in segments: while the log is cut, what is kept of it lies there twice. */
const SIZE_MARGIN = 2;

/** Bytes of series' names, of the segment that is being written, and of the volume's own. */
const FIXED_BYTES = 256 * 2 ** 20;

/** Size of the volume that holds the samples of `bufferHours`, in full MiB. */
export function bufferSize({ bufferHours, scrapeInterval, maxSeries }: ResolvedMetrics): string {
  const samples = Math.ceil((bufferHours * 3600) / scrapeInterval) * maxSeries;
  return byteQuantity(FIXED_BYTES + samples * BYTES_PER_SAMPLE * SIZE_MARGIN);
}

/** Command line of Prometheus as an agent: it scrapes, logs to disk and writes to the receiver, and does nothing else. */
export function agentArguments({ majorVersion, bufferHours }: ResolvedMetrics): string[] {
  return [
    majorVersion === 2 ? "--enable-feature=agent" : "--agent",
    `--config.file=${CONFIG_FOLDER}/prometheus.yml`,
    `--storage.agent.path=${DATA_FOLDER}`,
    `--storage.agent.retention.max-time=${bufferHours}h`,
    // A crash leaves the lock of a process that is not there any more; the claim has one user anyway.
    "--storage.agent.no-lockfile",
    `--web.listen-address=:${AGENT_PORT}`,
  ];
}

/** Files with credentials, by what they hold. */
export const CREDENTIAL_FILES = {
  password: "password",
  bearerToken: "token",
  clientCertificate: "client.crt",
  clientKey: "client.key",
  caCertificate: "ca.crt",
} as const;

/** What the configuration says besides the settings. */
export interface AgentTarget {
  readonly site: string;
  readonly namespace: string;
  /** User name where there is a password. */
  readonly username: string | undefined;
}

/** `prometheus.yml`; JSON is YAML. Credentials are in files of their own. */
export function agentConfig(metrics: ResolvedMetrics, { site, namespace, username }: AgentTarget): string {
  const file = (name: string) => `${CREDENTIALS_FOLDER}/${name}`;
  const { password, bearerToken, clientCertificate, caCertificate } = CREDENTIAL_FILES;
  const tls = {
    min_version: "TLS12",
    ...(metrics.caCertificate === undefined ? {} : { ca_file: file(caCertificate) }),
    ...(metrics.clientCertificate === undefined
      ? {}
      : { cert_file: file(clientCertificate), key_file: file(CREDENTIAL_FILES.clientKey) }),
  };
  return JSON.stringify(
    {
      global: { scrape_interval: `${metrics.scrapeInterval}s`, external_labels: { site } },
      scrape_configs: [
        {
          job_name: "slipway",
          metrics_path: METRICS_PATH,
          sample_limit: metrics.maxSeries,
          // By name: no API server has to be asked who the target is.
          static_configs: [
            { targets: [`${site}.${namespace}.svc:${METRICS_PORT}`], labels: { service: site } },
          ],
        },
      ],
      remote_write: [
        {
          url: metrics.url,
          remote_timeout: "30s",
          tls_config: tls,
          ...(username === undefined ? {} : { basic_auth: { username, password_file: file(password) } }),
          ...(metrics.bearerToken === undefined
            ? {}
            : { authorization: { type: "Bearer", credentials_file: file(bearerToken) } }),
          // A small node that catches up must not do so with a hundred connections.
          queue_config: { max_shards: 4, capacity: 5000, max_samples_per_send: 1000, max_backoff: "30s" },
        },
      ],
    },
    null,
    2,
  );
}
