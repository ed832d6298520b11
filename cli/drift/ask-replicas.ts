import { setTimeout as sleep } from "node:timers/promises";
import { mergeReports, type MergedDrift, type WholeReport } from "../../runtime/drift/merge-reports";
import { SlipwayError } from "../../toolchain/errors";
import type { PodAnswer, ServerPod } from "./pod-door";

/** Whom the replicas are asked through; `PodDoor`. */
export interface Door {
  call(pod: ServerPod, method: "GET" | "POST", path: string): Promise<PodAnswer>;
}

/** Replicas judge a window within a second of its end; for a moment some have and others have not. */
const AGAIN_MS = 2_000;

/** What the replicas of a service say together. */
export interface ServiceDrift {
  readonly service: string;
  readonly versions: readonly MergedDrift[];
  /** Versions that are served and not followed: they have no baseline. */
  readonly unfollowed: readonly { readonly model_name: string; readonly model_version: string }[];
}

interface Served {
  readonly name: string;
  readonly version: string;
}

/** Asks every replica for every version that it serves, and merges what they say. @throws SlipwayError where one cannot be asked */
export async function askReplicas(
  door: Door,
  service: string,
  pods: readonly ServerPod[],
  againMs = AGAIN_MS,
): Promise<ServiceDrift> {
  let drift = await askOnce(door, service, pods);
  if (drift.versions.some(({ window, merged, replicas }) => window !== null && merged < replicas)) {
    await sleep(againMs);
    drift = await askOnce(door, service, pods);
  }
  return drift;
}

async function askOnce(door: Door, service: string, pods: readonly ServerPod[]): Promise<ServiceDrift> {
  const answers = await Promise.all(pods.map((pod) => askPod(door, pod)));
  const unfollowed = new Map(
    answers
      .flatMap((each) => each.unfollowed)
      .map(({ name, version }) => [`${name}/${version}`, { model_name: name, model_version: version }]),
  );
  return {
    service,
    versions: mergeReports(answers.flatMap(({ reports }) => reports)),
    unfollowed: [...unfollowed.values()],
  };
}

async function askPod(door: Door, pod: ServerPod): Promise<{ reports: WholeReport[]; unfollowed: Served[] }> {
  const index = await door.call(pod, "POST", "/v2/repository/index");
  const served = (parsed(pod, index) as (Served & { state: string })[]).filter(
    ({ state }) => state === "READY",
  );
  const reports: WholeReport[] = [];
  const unfollowed: Served[] = [];
  for (const { name, version } of served) {
    const path = `/v2/models/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}/drift?baseline=true`;
    const answer = await door.call(pod, "GET", path);
    if (answer.status === 404) unfollowed.push({ name, version });
    else reports.push(whole(pod, parsed(pod, answer) as WholeReport));
  }
  return { reports, unfollowed };
}

function whole(pod: ServerPod, report: WholeReport): WholeReport {
  if (report.baseline !== undefined) return report;
  throw new SlipwayError(
    `the pod ${pod.name} runs a server from before \`slipway drift\`, which does not tell its baseline; update its image`,
  );
}

function parsed(pod: ServerPod, { status, text }: PodAnswer): unknown {
  if (status === 200) return JSON.parse(text) as unknown;
  throw new SlipwayError(`the pod ${pod.name} answers HTTP ${status}: ${text.slice(0, 300).trim()}`);
}
