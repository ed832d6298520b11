import { type AlertingSettings, type MonitoringArgs, type MonitoringStorage } from "../components";
import { readAlerts } from "./alerts-config";
import { ConfigError } from "./config-error";
import {
  readAccess,
  readAlertRoutes,
  readExisting,
  readLabels,
  readReceivers,
  readRemoteWrite,
} from "./monitoring-config";
import type { ConfigReader, SettingKey } from "./settings";

type Monitoring = Omit<
  MonitoringArgs,
  "namespace" | "servicesNamespace" | "proxies" | "gateway" | "authority"
>;

/** Of profiles whose gateway is not at the port of HTTPS. */
const DEFAULT_PORT: Readonly<Record<string, number>> = { local: 8443 };

const STORAGE = { prometheus: "50Gi", alertmanager: "1Gi" };

/** What the configuration says about monitoring. */
export function monitoringArgs(config: ConfigReader): Monitoring {
  const labels = read(config, "monitoringLabels", readLabels);
  const existing = read(config, "existingPrometheus", readExisting);
  const alerts = read(config, "alerts", readAlerts);
  if (existing) {
    if (config.profile !== "onprem") {
      throw new ConfigError(
        `\`slipway:existingPrometheus\` is for profile \`onprem\`: the cluster of profile \`${config.profile}\` has none yet.`,
      );
    }
    return { labels, existing, alerts };
  }
  const size = config.text("monitoringStorageSize") ?? (config.profile === "local" ? "none" : undefined);
  const storageClass = config.text("monitoringStorageClass");
  const volume = (fallback: string, given?: string): MonitoringStorage | undefined =>
    size === "none"
      ? undefined
      : { size: given ?? fallback, ...(storageClass === undefined ? {} : { storageClass }) };
  const gpus = config.text("gpuExporterNamespace");
  return {
    image: config.text("prometheusImage"),
    version: config.text("prometheusVersion"),
    configReloaderImage: config.text("configReloaderImage"),
    nodePort: config.wholeNumber("prometheusNodePort"),
    readerCidrs: config.texts("prometheusReaderCidrs"),
    retention: config.text("prometheusRetention"),
    replicas: config.wholeNumber("prometheusReplicas"),
    storage: volume(STORAGE.prometheus, size),
    externalLabels: read(config, "externalLabels", readLabels),
    remoteWrite: read(config, "remoteWrite", readRemoteWrite),
    labels,
    ...(gpus === undefined ? {} : { gpuExporters: [{ namespace: gpus }] }),
    alerts,
    alerting: alertingArgs(config, volume(STORAGE.alertmanager)),
    access: read(config, "monitoringAccess", (value) =>
      readAccess(
        value,
        config.text("envoyImage"),
        config.wholeNumber("gatewayPort") ?? DEFAULT_PORT[config.profile],
      ),
    ),
  };
}

function alertingArgs(
  config: ConfigReader,
  storage: MonitoringStorage | undefined,
): AlertingSettings | false {
  const receivers = read(config, "alertReceivers", readReceivers);
  if ((config.text("alerting") ?? (config.profile === "local" ? "false" : "true")) === "false") {
    if (receivers !== undefined) {
      throw new ConfigError(
        "`slipway:alertReceivers` would be told of nothing: set `slipway:alerting` to true, or leave them out.",
      );
    }
    return false;
  }
  return {
    receivers,
    receiver: config.text("alertReceiver"),
    routes: read(config, "alertRoutes", readAlertRoutes),
    image: config.text("alertmanagerImage"),
    version: config.text("alertmanagerVersion"),
    replicas: config.wholeNumber("alertmanagerReplicas"),
    nodePort: config.wholeNumber("alertmanagerNodePort"),
    storage,
  };
}

function read<T>(
  config: ConfigReader,
  key: SettingKey,
  check: (value: unknown, key: string) => T,
): T | undefined {
  return config.text(key) === undefined ? undefined : check(config.json(key), key);
}
