import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { RuleGroup } from "../../../components/observability/alerts/rule";
import { ensureTools } from "../../../toolchain/build";
import { silent } from "../../../toolchain/progress";
import { startChild, type RunningChild } from "./child";
import { freePort } from "./free-port";

/** Something to scrape. */
export interface ScrapeTarget {
  readonly job: string;
  /** Where it listens: 127.0.0.1 and a port. */
  readonly port: number;
  /** @default "/metrics" */
  readonly path?: string;
  /** What Kubernetes' discovery would add. */
  readonly labels: Readonly<Record<string, string>>;
  /** Whether what the target says of these labels wins over what is added. @default false */
  readonly honorLabels?: boolean;
}

/** A Prometheus of its own, on loopback. */
export interface RunningPrometheus extends RunningChild {
  readonly url: string;
}

const RULES = "rules.yml";

/** The program that the local cluster runs, or the one that SLIPWAY_PROMETHEUS names. */
async function prometheusPath(): Promise<string> {
  const named = process.env.SLIPWAY_PROMETHEUS;
  if (named) return named;
  return (await ensureTools(["cluster"], silent)).path("prometheus");
}

export interface PrometheusSettings {
  readonly targets: readonly ScrapeTarget[];
  readonly rules: readonly RuleGroup[];
  /** Between two looks at the targets, and two evaluations of a group of rules. */
  readonly scrapeSeconds: number;
}

/** Starts a real Prometheus that scrapes these targets; its data ends with it. */
export async function startPrometheus(settings: PrometheusSettings): Promise<RunningPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-prometheus-"));
  writeFileSync(join(folder, "prometheus.yml"), configuration(settings));
  writeFileSync(join(folder, RULES), stringify({ groups: hurried(settings) }));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const command = [
    await prometheusPath(),
    `--config.file=${join(folder, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--log.level=warn",
  ];
  const child = await startChild("Prometheus", command, `${url}/-/ready`);
  return {
    url,
    async close() {
      await child.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The rules' own intervals are for days, not for minutes. */
const hurried = ({ rules, scrapeSeconds }: PrometheusSettings) =>
  rules.map((group) => ({ ...group, interval: `${scrapeSeconds}s` }));

const configuration = ({ targets, scrapeSeconds }: PrometheusSettings): string =>
  stringify({
    global: { scrape_interval: `${scrapeSeconds}s`, scrape_timeout: `${scrapeSeconds}s` },
    rule_files: [RULES],
    scrape_configs: targets.map(({ job, port, path, labels, honorLabels }, i) => ({
      // A job's settings are those of all its targets; each target has one.
      job_name: `${job}-${i}`,
      metrics_path: path ?? "/metrics",
      honor_labels: honorLabels ?? false,
      static_configs: [{ targets: [`127.0.0.1:${port}`], labels: { ...labels, job } }],
    })),
  });
