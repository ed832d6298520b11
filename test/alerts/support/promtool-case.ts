import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type {
  AlertName,
  AlertingRule,
  RuleGroup,
  Severity,
} from "../../../components/observability/alerts/rule";
import { findPromtool } from "../../support/promtool";

/** An alert as Alertmanager gets it. */
export interface Firing {
  readonly severity: Severity;
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  /** As the description has it, where it has it. */
  readonly value?: string;
}

/** Series, and which alerts of a name fire at a time; none where `fires` is empty. */
export interface Case {
  readonly what: string;
  readonly alert: AlertName;
  /** Values as promtool reads them, by series: `0+10x60` is 0, 10, … 600. */
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
  readonly fires: readonly Firing[];
  /** Time between two values. @default "15s" */
  readonly interval?: string;
  /** Seconds between two evaluations, where they differ from those of the other cases. */
  readonly evaluation?: number;
}

/** A row of a table of cases: what it is about, the series, what fires, and what differs from the table's other rows. */
export type Row = readonly [
  what: string,
  series: Case["series"],
  fires: readonly Firing[],
  change?: Partial<Pick<Case, "at">>,
];

/** Cases of one alert that have all but these columns in common. */
export function casesOf(common: Omit<Case, "what" | "series" | "fires">, rows: readonly Row[]): Case[] {
  return rows.map(([what, series, fires, change]) => ({ ...common, what, series, fires, ...change }));
}

/** Has promtool evaluate the groups over each case's series, and compares what fires with what must. */
export function itHolds(groups: readonly RuleGroup[], cases: readonly Case[], evaluationSeconds = 15): void {
  for (const each of cases) {
    const fate =
      each.fires.length === 0
        ? "is silent"
        : `fires (${each.fires.map(({ severity }) => severity).join(", ")})`;
    it(`${each.alert} ${fate}: ${each.what}`, async () => {
      const said = await testRules(groups, each, each.evaluation ?? evaluationSeconds);
      assert.equal(said, "");
    });
  }
}

/** @returns what promtool found wrong, empty where all is well */
async function testRules(all: readonly RuleGroup[], each: Case, evaluationSeconds: number): Promise<string> {
  // A group has everything that its alerts need; evaluating the others would only take time.
  const groups = all.filter(({ rules }) =>
    rules.some((rule) => "alert" in rule && rule.alert === each.alert),
  );
  const folder = mkdtempSync(join(tmpdir(), "slipway-promtool-"));
  try {
    writeFileSync(join(folder, "rules.yaml"), stringify({ groups }));
    writeFileSync(join(folder, "tests.yaml"), stringify(testFile(groups, each, evaluationSeconds)));
    const [status, said] = await run(await findPromtool(), ["test", "rules", join(folder, "tests.yaml")]);
    return status === 0 ? "" : said;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function testFile(
  groups: readonly RuleGroup[],
  { alert, series, at, fires, interval }: Case,
  seconds: number,
) {
  return {
    rule_files: ["rules.yaml"],
    evaluation_interval: `${seconds}s`,
    // promtool evaluates what is due at the same time in no order of its own.
    group_eval_order: groups.map(({ name }) => name),
    tests: [
      {
        interval: interval ?? "15s",
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [
          { eval_time: at, alertname: alert, exp_alerts: fires.map((one) => expected(groups, alert, one)) },
        ],
      },
    ],
  };
}

function expected(groups: readonly RuleGroup[], alert: AlertName, firing: Firing) {
  const { severity, summary, value = "" } = firing;
  const able = groups
    .flatMap(({ rules }) => rules)
    .filter(
      (one): one is AlertingRule =>
        "alert" in one &&
        one.alert === alert &&
        one.labels.severity === severity &&
        Object.entries(one.labels).every(
          ([key, text]) => key === "severity" || isTemplate(text) || firing.labels[key] === text,
        ),
    );
  // Of those that could, the one that sets the most labels: the others would not have set them.
  const size = (rule: AlertingRule) => Object.keys(rule.labels).length;
  const [rule] = able.sort((one, other) => size(other) - size(one));
  assert.ok(rule, `there is no ${severity} of ${alert}`);
  const labels = { ...firing.labels, severity };
  const { description, runbook_url } = rule.annotations;
  return {
    exp_labels: labels,
    exp_annotations: { summary, description: filled(description, labels, value), runbook_url },
  };
}

/** Filled in by Prometheus, or left out. */
const isTemplate = (text: string) => text.includes("{{");

function filled(text: string, labels: Readonly<Record<string, string>>, value: string): string {
  return text
    .replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, name: string) => labels[name] ?? "")
    .replaceAll("{{ $value }}", value);
}

function run(file: string, args: readonly string[]): Promise<[number, string]> {
  return new Promise((resolve) => {
    execFile(file, [...args], (error, stdout, stderr) => {
      resolve([error ? (typeof error.code === "number" ? error.code : 1) : 0, `${stdout}${stderr}`]);
    });
  });
}
