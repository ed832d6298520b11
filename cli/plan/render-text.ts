import pc from "picocolors";
import { plainTable } from "../plain-table";
import type { CapacityRow } from "./capacity";
import { cut, oneLine } from "./markup";
import { RISK_LEVELS, RISK_TITLES, type RiskLevel } from "./risk-level";
import { nameOf } from "../engine/events";
import type { Finding, Plan, PlannedChange } from "./schema";

const SIGNS: Readonly<Record<PlannedChange["op"], string>> = {
  create: pc.green("+"),
  update: pc.yellow("~"),
  delete: pc.red("-"),
  replace: pc.magenta("±"),
  import: pc.cyan("="),
};
const COLOURS: Readonly<Record<RiskLevel, (text: string) => string>> = {
  "data-loss": pc.red,
  interruption: pc.magenta,
  access: pc.yellow,
  cost: pc.cyan,
  none: pc.green,
};
/** A change of a whole object is read in the JSON. */
const MOST_PROPERTIES = 12;

type Property = Plan["drift"][number]["properties"][number];

const value = (shown: Property["from"]) => (shown === undefined ? "(none)" : oneLine(String(shown)));

export const propertyLine = ({ path, from, to, replaces }: Property): string =>
  `${oneLine(path)}: ${value(from)} → ${value(to)}${replaces ? " (replaces)" : ""}`;

function properties(list: readonly Property[]): string[] {
  const rest = list.length - MOST_PROPERTIES;
  return [
    ...list.slice(0, MOST_PROPERTIES).map((property) => pc.dim(`      ${propertyLine(property)}`)),
    ...(rest > 0 ? [pc.dim(`      and ${rest} more`)] : []),
  ];
}

function findingLine({ policy, message, mandatory }: Finding): string {
  const word = mandatory ? pc.red("mandatory") : pc.yellow("advisory");
  return `${word} ${oneLine(policy)}: ${oneLine(message)}`;
}

function section(plan: Plan, level: RiskLevel): string[] {
  const changes = plan.changes.filter(({ risk }) => risk === level);
  if (changes.length === 0) return [];
  return [
    pc.bold(COLOURS[level](`${RISK_TITLES[level]} (${changes.length})`)),
    ...changes.flatMap(({ op, type, name, reason, ...change }) => [
      `  ${SIGNS[op]} ${oneLine(type)} ${pc.bold(cut(oneLine(name), 120))}`,
      `      ${reason}`,
      ...properties(change.properties),
      ...change.findings.map((finding) => `      ${findingLine(finding)}`),
    ]),
    "",
  ];
}

export const CAPACITY_TITLES: Readonly<Record<CapacityRow["of"], string>> = {
  pods: "pods ask for",
  nodes: "node pools may have",
};

export const resourceTitle = (resource: string) => (resource === "cpu" ? "cores" : resource);

function capacity(rows: readonly CapacityRow[]): string[] {
  if (rows.length === 0) return [];
  const lines = plainTable(
    [
      ["", "before", "after"],
      ...rows.map(({ of, resource, before, after }) => [
        `${CAPACITY_TITLES[of]}: ${resourceTitle(oneLine(resource))}`,
        String(before),
        String(after),
      ]),
    ],
    ["left", "right"],
  );
  const [head, ...body] = lines.map((line) => `  ${line}`);
  return [pc.dim(head!), ...body, ""];
}

/** For a terminal. */
export function renderText(plan: Plan): string {
  const beside = new Set(plan.changes.flatMap(({ findings }) => findings));
  const elsewhere = plan.violations.filter((violation) => !beside.has(violation));
  return [
    ...RISK_LEVELS.flatMap((level) => section(plan, level)),
    ...(plan.drift.length > 0
      ? [
          pc.bold(`Changed by hand (${plan.drift.length})`),
          ...plan.drift.flatMap((drift) => [
            `  ${drift.op === "delete" ? pc.red("gone") : pc.yellow("changed")} ${oneLine(drift.type)} ${pc.bold(cut(oneLine(drift.name), 120))}${drift.by.length ? ` by ${oneLine(drift.by.join("; "))}` : ""}`,
            ...properties(drift.properties),
          ]),
          "",
        ]
      : []),
    ...capacity(plan.capacity),
    ...elsewhere.map((finding) => `${findingLine(finding)} (${oneLine(nameOf(finding.urn))})`),
    `${plan.profile}: ${plan.summary}`,
  ].join("\n");
}
