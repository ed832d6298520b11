import { basicCredentials } from "../../rollout/gates/basic-credentials";

/** An alert as Alertmanager's API (v2) tells of it. */
export interface ReceivedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly status: { readonly state: "active" | "suppressed" | "unprocessed" };
}

/** The alerts that an Alertmanager has, those that something holds back included. */
export async function receivedAlerts(address: string): Promise<ReceivedAlert[]> {
  const { url, headers } = basicCredentials(address);
  const answer = await fetch(new URL("/api/v2/alerts", url), { headers });
  if (!answer.ok) throw new Error(`Alertmanager answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as ReceivedAlert[];
}
