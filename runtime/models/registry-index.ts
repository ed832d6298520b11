import type { RegisteredModel } from "./registry-model";
import type { IndexEntry } from "./registry-types";
import { byVersion } from "./version-policy";

/** The lines of the repository index. @param idle names of models that lie in the repository, loaded or not */
export function repositoryIndex(models: Iterable<RegisteredModel>, idle: readonly string[]): IndexEntry[] {
  const entries = [...models].flatMap(indexOf);
  const listed = new Set(entries.map(({ name }) => name));
  for (const name of idle) {
    if (!listed.has(name))
      entries.push({ name, version: "", state: "UNAVAILABLE", reason: "It is not loaded." });
  }
  return entries.sort((a, b) =>
    a.name === b.name ? byVersion(a.version, b.version) : a.name < b.name ? -1 : 1,
  );
}

function indexOf({ name, versions, labels }: RegisteredModel): IndexEntry[] {
  const entries = versions.map(({ version, state, reason }): IndexEntry => ({
    name,
    version,
    state,
    reason,
  }));
  for (const [label, version] of labels) {
    if (versions.some((entry) => entry.version === version)) continue;
    const reason = `The label \`${label}\` names this version, which is not served.`;
    entries.push({ name, version, state: "UNAVAILABLE", reason });
  }
  return entries;
}
