import { type CatalogEntry, catalog } from "../../../policies/catalog";
import { isAbout } from "../../../policies/model/judge";
import type { RuleConfig } from "../../../policies/model/rule";
import { type Outcome, type PlainResource, runRule } from "../../../policies/testing";

export interface Matching {
  /** By rule id. */
  readonly config?: Readonly<Record<string, RuleConfig>>;
  /**
   * Resources that every rule about one resource is known to pass, so that it need not judge them again. Rules about
   * the stack see them, and so do rules that have a configuration.
   */
  readonly known?: ReadonlySet<PlainResource>;
}

/** The whole pack, without the many rules that would only say that they are not about these resources. */
export async function runMatching(
  resources: readonly PlainResource[],
  { config = {}, known = new Set() }: Matching = {},
): Promise<Outcome[]> {
  const byEntry = new Map<CatalogEntry, PlainResource[]>();
  for (const resource of resources) {
    for (const entry of entriesAbout(resource.type)) {
      const { rule } = entry;
      if (rule.scope === "resource" && known.has(resource) && config[rule.id] === undefined) continue;
      const matching = byEntry.get(entry);
      if (matching) matching.push(resource);
      else byEntry.set(entry, [resource]);
    }
  }
  const found: Outcome[] = [];
  for (const [{ rule, enforcement }, matching] of byEntry) {
    const judged = rule.scope === "stack" ? resources : matching;
    found.push(...(await runRule(rule, judged, config[rule.id], enforcement)));
  }
  return found;
}

const byType = new Map<string, readonly CatalogEntry[]>();

function entriesAbout(type: string): readonly CatalogEntry[] {
  let entries = byType.get(type);
  if (!entries) byType.set(type, (entries = catalog.filter(({ rule }) => isAbout(rule, type))));
  return entries;
}
