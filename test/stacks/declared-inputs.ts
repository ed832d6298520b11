import { isUnknown } from "../../policies/model/unknown";
import type { EngineRun } from "../support/engine";

/** Inputs by the URN's part behind the project: the types of the parents, the type and the name. */
export type DeclaredInputs = Readonly<Record<string, unknown>>;

/** What a preview declares, in an order that does not depend on how it ran. */
export function inputsOf({ steps }: Pick<EngineRun, "steps">): DeclaredInputs {
  const entries = steps.map(
    ({ urn, inputs }) => [urn.split("::").slice(2).join("::"), ordered(inputs)] as const,
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What the engine hangs on a name that the program leaves to it. */
const CHANCE = /-[0-9a-f]{7}$/;

function ordered(value: unknown): unknown {
  if (isUnknown(value)) return "(known after apply)";
  if (typeof value === "string") return value.replace(CHANCE, "-*");
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, ordered(item)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
