import { code, cut } from "./markup";
import {
  capacitySection,
  driftSection,
  findingsSection,
  FOLDS,
  levelSection,
  type Fold,
} from "./markdown-sections";
import { RISK_LEVELS, RISK_TITLES, type RiskLevel } from "./risk-level";
import type { Plan } from "./schema";

/** A pull-request comment of GitHub's takes 65,536 characters; what posts it may put a line of its own before. */
export const MARKDOWN_LIMIT = 65_000;

/** Longer lists than this are cut where even counts do not fit; the last is sure to. */
const LIST_LENGTHS = [200, 50, 20, 8, 3] as const;

const LONGEST_ERROR = 2000;

interface Extent {
  folds: Readonly<Record<RiskLevel, Fold>>;
  /** Most lines of a list of findings, of drift and of types. */
  most: number;
}

/** From everything to next to nothing: the harmless is folded first. */
function* extents(): Generator<Extent> {
  const folds = Object.fromEntries(RISK_LEVELS.map((level) => [level, FOLDS[0]])) as Record<RiskLevel, Fold>;
  const [most] = LIST_LENGTHS;
  yield { folds: { ...folds }, most };
  for (const level of [...RISK_LEVELS].reverse()) {
    for (const fold of FOLDS.slice(1)) {
      folds[level] = fold;
      yield { folds: { ...folds }, most };
    }
  }
  for (const length of LIST_LENGTHS.slice(1)) yield { folds: { ...folds }, most: length };
}

function leftOut(plan: Plan, { folds, most }: Extent): string[] {
  const parts = RISK_LEVELS.filter((level) => plan.counts[level] > 0 && folds[level] !== "whole").map(
    (level) =>
      `${RISK_TITLES[level].toLowerCase()}: ${folds[level] === "counts by type" ? "all but counts by type" : "the properties"}`,
  );
  if (most < LIST_LENGTHS[0]) parts.push(`what is beyond ${most} in a list`);
  return parts.length > 0
    ? [`_Left out to fit a comment: ${parts.join("; ")}. The JSON has all of it._`, ""]
    : [];
}

function compose(plan: Plan, extent: Extent): string {
  const { folds, most } = extent;
  const told = new Set(
    plan.changes.filter(({ risk }) => folds[risk] !== "counts by type").flatMap(({ findings }) => findings),
  );
  const elsewhere = plan.violations.filter((violation) => !told.has(violation));
  return [
    `## Preview of ${code(cut(plan.profile, 80))}: ${plan.summary}`,
    "",
    ...(plan.error === null
      ? []
      : [
          `**The preview failed; this is what it said until then.** ${code(cut(plan.error, LONGEST_ERROR))}`,
          "",
        ]),
    ...(plan.risk === null
      ? plan.error !== null
        ? []
        : ["Nothing changes.", ""]
      : [
          "| risk | changes |",
          "|---|--:|",
          ...RISK_LEVELS.filter((level) => plan.counts[level] > 0).map(
            (level) => `| ${RISK_TITLES[level]} | ${plan.counts[level]} |`,
          ),
          "",
        ]),
    ...findingsSection(elsewhere, most),
    ...driftSection(plan, folds.none, most),
    ...capacitySection(plan, most),
    ...RISK_LEVELS.flatMap((level) => levelSection(plan, level, folds[level], most)),
    ...leftOut(plan, extent),
  ].join("\n");
}

/** For a pull request: never longer than `MARKDOWN_LIMIT`. */
export function renderMarkdown(plan: Plan): string {
  let text = "";
  for (const extent of extents()) {
    text = compose(plan, extent);
    if (text.length <= MARKDOWN_LIMIT) return text;
  }
  return text;
}
