import { basicCredentials } from "../../rollout/gates/basic-credentials";

/** A rule as Prometheus tells of it. */
export interface LoadedRule {
  readonly name: string;
  readonly query: string;
  readonly health: string;
  readonly lastError?: string;
}

export interface LoadedGroup {
  readonly name: string;
  readonly rules: readonly LoadedRule[];
}

/** The platform's groups of rules, of all that a Prometheus has loaded. */
export async function loadedGroups(address: string): Promise<LoadedGroup[]> {
  const { url, headers } = basicCredentials(address);
  const answer = await fetch(new URL("/api/v1/rules", url), { headers });
  if (!answer.ok) throw new Error(`Prometheus answered ${answer.status}: ${await answer.text()}`);
  const { groups } = ((await answer.json()) as { data: { groups: LoadedGroup[] } }).data;
  return groups.filter(({ name }) => name.startsWith("slipway-"));
}
