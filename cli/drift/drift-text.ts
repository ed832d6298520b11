import pc from "picocolors";
import { plainText } from "../../rollout/record/plain-text";
import type { MergedDrift } from "../../runtime/drift/merge-reports";
import type { ReportedFeature } from "../../runtime/drift/monitor/drift-report";
import { plainTable } from "../plain-table";
import type { ServiceDrift } from "./ask-replicas";

const COLOURS = { drifted: pc.red, stable: pc.green, insufficient: pc.yellow } as const;
const HEAD = ["feature", "state", "score", "p-value", "samples", "missing"] as const;

/** Features of a version that the table shows, the farthest first; `--json` has all. */
const MOST_SHOWN = 20;

/** A table for each version. */
export function driftText({ service, versions, unfollowed }: ServiceDrift): string {
  const parts = versions.map((version) => versionText(version));
  const without = unfollowed.map(({ model_name, model_version }) =>
    plainText(`${model_name}/${model_version}`),
  );
  if (without.length > 0)
    parts.push(
      pc.dim(`Without a baseline, so not followed: ${without.join(", ")}; \`slipway baseline\` makes one.`),
    );
  return parts.length > 0 ? parts.join("\n\n") : `No pod of \`${service}\` serves a model.`;
}

function versionText({
  model_name,
  model_version,
  settings,
  window,
  replicas,
  merged,
  state,
}: MergedDrift): string {
  const name = plainText(`${model_name} version ${model_version}`);
  const { measure, threshold, min_samples, window_seconds } = settings;
  if (window === null)
    return `${pc.bold(name)}  ${COLOURS.insufficient("no window has ended yet")}; one does every ${window_seconds / 2} s`;
  const of = merged === replicas ? `${replicas} replicas` : `${merged} of ${replicas} replicas`;
  const span = `${window.start.slice(11, 19)} – ${window.end.slice(11, 19)} UTC`;
  const head = `${pc.bold(name)}  ${COLOURS[state](state)}  ${pc.dim(`${window.rows} rows of ${of}, ${span}; ${measure} above ${threshold}, at least ${min_samples} values`)}`;
  const features = Object.entries(window.features).sort(
    ([, a], [, b]) => scoreOf(b, measure) - scoreOf(a, measure),
  );
  const rows = features.slice(0, MOST_SHOWN).map(([feature, found]) => rowOf(feature, found, measure));
  const more = features.length - rows.length;
  const table = plainTable([HEAD.map((title) => pc.dim(title)), ...rows], ["left", "left", "right"]);
  return [
    head,
    ...table.map((line) => `  ${line}`),
    ...(more > 0 ? [pc.dim(`  ${more} more, with lower scores`)] : []),
  ].join("\n");
}

/** What was compared with the threshold: of texts, PSI in the place of what only numbers have. */
function scoreOf({ scores }: ReportedFeature, measure: string): number {
  return scores[measure] ?? scores.psi ?? -1;
}

function rowOf(feature: string, found: ReportedFeature, measure: string): string[] {
  const { state, p_value, samples, summary } = found;
  const score = scoreOf(found, measure);
  const isJudged = state !== "insufficient";
  return [
    plainText(feature),
    COLOURS[state](state),
    score < 0 ? "–" : score.toFixed(3),
    isJudged ? p_value.toPrecision(2) : "–",
    String(samples),
    samples === 0 ? "–" : `${Number(((100 * summary.missing) / samples).toPrecision(2))} %`,
  ];
}
