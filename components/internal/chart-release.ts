import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { Release } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";
import { CHARTS, type Chart, type ChartName } from "./platform-charts";

/** What a program may change of a service that comes as a chart. */
export interface ChartSettings {
  /**
   * False where it is in the cluster already.
   * @default true
   */
  readonly install?: boolean;
  /**
   * Version of the chart.
   * @default the pinned one
   */
  readonly version?: string;
  /**
   * Values of the chart, laid over the component's.
   * @default {}
   */
  readonly values?: Readonly<Record<string, unknown>>;
}

/** Seconds that a release may take. */
const TIMEOUT = 600;

const POD_SECURITY = "pod-security.kubernetes.io/enforce";

/**
 * The namespace of a chart of the table.
 * @param podSecurity standard that the API server holds its pods to; the charts' own pods meet "baseline"
 */
export function createChartNamespace(
  name: string,
  service: ChartName,
  opts: pulumi.CustomResourceOptions,
  podSecurity: "baseline" | "privileged" = "baseline",
): Namespace {
  const metadata = { name: CHARTS[service].namespace, labels: { [POD_SECURITY]: podSecurity } };
  return new Namespace(`${name}-namespace`, { metadata }, opts);
}

/** Installs a chart of the table into its namespace. */
export function createRelease(
  name: string,
  service: ChartName,
  home: Namespace,
  settings: ChartSettings,
  values: pulumi.Input<Record<string, unknown>>,
  opts: pulumi.CustomResourceOptions,
): Release {
  const { chart, repository, version, values: fixed }: Chart = CHARTS[service];
  return new Release(
    name,
    {
      name: chart.split("/").pop()!,
      namespace: home.metadata.name,
      chart,
      version: settings.version ?? version,
      ...(repository === undefined ? {} : { repositoryOpts: { repo: repository } }),
      values: pulumi.output(values).apply((own) => merge(merge(fixed, own), settings.values ?? {})),
      timeout: TIMEOUT,
      // A release that fails leaves nothing half-made behind.
      atomic: true,
    },
    opts,
  );
}

/** Values laid over others, as helm does: maps are merged, anything else replaced. */
export function merge(
  under: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const present = Object.hasOwn(merged, key) ? merged[key] : undefined;
    merged[key] = isMap(present) && isMap(value) ? merge(present, value) : value;
  }
  return merged;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
