import { groupBy } from "../policies/model/group-by";
import { compareText, STATES } from "./render/order";
import type { FindingState, FrameworkCoverage, ReportedFinding, ReportedRule } from "./report";

interface Mapping {
  readonly framework: string;
  readonly version: string;
  readonly id: string;
  readonly title: string;
  readonly rule: string;
}

/** Numbers within a control's id count as numbers: 5.2.10 follows 5.2.9. */
const byNumber = new Intl.Collator("en", { numeric: true });

/** How far each framework that the rules are mapped to is met, by name and version. */
export function frameworkCoverage(
  rules: readonly ReportedRule[],
  findings: readonly ReportedFinding[],
): FrameworkCoverage[] {
  const worst = worstStates(findings);
  const off = new Set(rules.filter(({ enforcement }) => enforcement === "disabled").map(({ id }) => id));
  const mappings: Mapping[] = rules.flatMap(({ id: rule, controls }) =>
    controls.map(({ framework, version, id, title }) => ({ framework, version, id, title, rule })),
  );
  const frameworks = [...groupBy(mappings, ({ framework, version }) => JSON.stringify([framework, version]))];
  return frameworks
    .map(([, mapped]) => {
      const { framework, version } = mapped[0]!;
      const controls = [...groupBy(mapped, ({ id }) => id).values()].map((same) => {
        const { id, title } = same[0]!;
        const ids = [...new Set(same.map(({ rule }) => rule))].sort(compareText);
        const disabled = ids.filter((rule) => off.has(rule));
        return {
          id,
          title,
          rules: ids,
          ...(disabled.length > 0 && { disabled }),
          state: worstOf(ids.flatMap((rule) => worst.get(rule) ?? [])),
        };
      });
      controls.sort((a, b) => byNumber.compare(a.id, b.id) || compareText(a.id, b.id));
      return { framework, version, controls };
    })
    .sort((a, b) => compareText(a.framework, b.framework) || compareText(a.version, b.version));
}

function worstStates(findings: readonly ReportedFinding[]): Map<string, FindingState> {
  const worst = new Map<string, FindingState>();
  for (const { rule, state } of findings) {
    const before = worst.get(rule);
    worst.set(rule, before === undefined ? state : worstOf([before, state]));
  }
  return worst;
}

const worstOf = (states: readonly FindingState[]): FindingState =>
  STATES.find((state) => states.includes(state)) ?? "not-applicable";
