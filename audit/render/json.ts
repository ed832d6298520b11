import schema from "../schema/report-1.1.schema.json";
import type { AuditReport } from "../report";
import { compareText } from "./order";

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
}

/** Members as the schema lists them, what it does not list after them by name: the order of assignment leaves no trace. */
function inOrder(value: unknown, shape: Shape | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => inOrder(item, shape?.items));
  if (typeof value !== "object" || value === null) return value;
  const members = value as Readonly<Record<string, unknown>>;
  const listed = Object.keys(shape?.properties ?? {});
  const others = Object.keys(members)
    .filter((key) => !listed.includes(key))
    .sort(compareText);
  const present = [...listed, ...others].filter((key) => Object.hasOwn(members, key));
  // Not by assignment, to which `__proto__` would be no member.
  return Object.fromEntries(present.map((key) => [key, inOrder(members[key], shape?.properties?.[key])]));
}

/** The report as JSON that the published schema describes: the same report gives the same bytes. */
export const renderJson = (report: AuditReport): string =>
  `${JSON.stringify(inOrder(report, schema as Shape), null, 2)}\n`;
