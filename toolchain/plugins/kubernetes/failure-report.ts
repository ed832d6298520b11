import type { Cluster } from "./client/cluster";
import { refOf } from "./client/cluster";
import { selectorText } from "./await/readiness";
import { gvkOf } from "./kinds";
import type { KubeObject } from "./object";
import { at, describe, listAt, nameOf, namespaceOf, numberAt, textAt } from "./object";

const POD = gvkOf("v1", "Pod");
const EVENT = gvkOf("v1", "Event");

/** Enough to see a pattern, few enough to read. */
const MOST_PODS = 3;
const MOST_EVENTS = 3;
const LOG_LINES = 8;

/** The pods that an object stands or falls with; `undefined` where it has none. */
function podSelector(live: KubeObject): string | undefined {
  switch (live.kind) {
    case "Service": {
      const matchLabels = at(live, "spec", "selector");
      return matchLabels === undefined ? undefined : selectorText({ matchLabels });
    }
    case "Job":
      return `batch.kubernetes.io/job-name=${nameOf(live)}`;
    case "DaemonSet":
    case "Deployment":
    case "ReplicaSet":
    case "StatefulSet":
      return selectorText(at(live, "spec", "selector"));
    default:
      return undefined;
  }
}

function isUnhealthy(pod: KubeObject): boolean {
  if (textAt(pod, "status", "phase") === "Succeeded") return false;
  const conditions = listAt(pod, "status", "conditions");
  return !conditions.some((each) => textAt(each, "type") === "Ready" && textAt(each, "status") === "True");
}

interface ContainerTrouble {
  readonly name: string;
  readonly text: string;
  /** Its log says more; of the run before, where it is between restarts. */
  readonly log: "none" | "current" | "previous";
}

function terminatedText(state: unknown): string {
  const reason = textAt(state, "reason") ?? "ended";
  const code = numberAt(state, "exitCode");
  const message = textAt(state, "message")?.trim();
  return `${reason}${code === undefined ? "" : ` (exit status ${code})`}${message ? `: ${message}` : ""}`;
}

function troubleOf(status: unknown): ContainerTrouble | undefined {
  const name = textAt(status, "name") ?? "";
  const state = at(status, "state");
  const restarts = numberAt(status, "restartCount") ?? 0;
  const last = at(status, "lastState", "terminated");
  const wait = at(state, "waiting");
  if (wait !== undefined) {
    const text = [textAt(wait, "reason"), textAt(wait, "message")].filter(Boolean).join(": ");
    const before = last === undefined ? "" : `; before that: ${terminatedText(last)}`;
    return {
      name,
      text: `waits: ${text || "no reason given"}${before}`,
      log: last === undefined ? "none" : "previous",
    };
  }
  const end = at(state, "terminated");
  if (end !== undefined && numberAt(end, "exitCode") !== 0) {
    return { name, text: `ended: ${terminatedText(end)}`, log: "current" };
  }
  if (at(state, "running") === undefined || at(status, "ready") === true) return undefined;
  const before = last === undefined ? "" : `, restarted ${restarts} times, last: ${terminatedText(last)}`;
  return { name, text: `runs but is not ready${before}`, log: "current" };
}

/** One line per event; the newest last. */
async function eventLines(cluster: Cluster, object: KubeObject, signal: AbortSignal): Promise<string[]> {
  const uid = object.metadata?.uid;
  const selector = uid ? `involvedObject.uid=${uid}` : `involvedObject.name=${nameOf(object)}`;
  const events = await cluster.list(EVENT, namespaceOf(object), { fieldSelector: selector }, signal);
  const time = (event: KubeObject) =>
    textAt(event, "lastTimestamp") ?? textAt(event, "eventTime") ?? event.metadata?.creationTimestamp ?? "";
  const warnings = events.filter((event) => textAt(event, "type") === "Warning");
  warnings.sort((a, b) => time(a).localeCompare(time(b)));
  return warnings.slice(-MOST_EVENTS).map((event) => {
    const times = numberAt(event, "count") ?? 1;
    const message = (textAt(event, "message") ?? "").trim().replace(/\s+/g, " ");
    return `event ${textAt(event, "reason") ?? ""}${times > 1 ? ` (${times} times)` : ""}: ${message}`;
  });
}

async function logLines(cluster: Cluster, pod: KubeObject, trouble: ContainerTrouble, signal: AbortSignal) {
  if (trouble.log === "none") return [];
  try {
    const options = { tailLines: LOG_LINES, previous: trouble.log === "previous" };
    const text = (await cluster.logs(refOf(pod), trouble.name, options, signal)).trimEnd();
    return text === "" ? [] : text.split("\n").map((line) => `  log: ${line}`);
  } catch {
    // The log is gone with the container; what the status says must do.
    return [];
  }
}

async function podLines(cluster: Cluster, pod: KubeObject, signal: AbortSignal): Promise<string[]> {
  const lines: string[] = [];
  const title = `Pod "${nameOf(pod)}"`;
  const scheduled = listAt(pod, "status", "conditions").find(
    (each) => textAt(each, "type") === "PodScheduled" && textAt(each, "status") === "False",
  );
  if (scheduled) lines.push(`${title} is not scheduled: ${textAt(scheduled, "message") ?? ""}`);
  const statuses = [
    ...listAt(pod, "status", "initContainerStatuses"),
    ...listAt(pod, "status", "containerStatuses"),
  ];
  for (const status of statuses) {
    const trouble = troubleOf(status);
    // A container that only waits for its init containers tells nothing.
    if (!trouble || trouble.text === "waits: PodInitializing") continue;
    lines.push(`${title}, container "${trouble.name}" ${trouble.text}`);
    lines.push(...(await logLines(cluster, pod, trouble, signal)));
  }
  if (lines.length === 0) lines.push(`${title} is ${textAt(pod, "status", "phase") ?? "new"}`);
  const events = await eventLines(cluster, pod, signal);
  return [...lines, ...events.map((line) => `${title}, ${line}`)];
}

/**
 * What a person needs to know about an object that does not become ready: its own warnings, and of its failing pods
 * the container states, events and last log lines. One line each; empty where the cluster tells nothing.
 */
export async function failureReport(
  cluster: Cluster,
  live: KubeObject,
  signal: AbortSignal,
): Promise<string[]> {
  try {
    const lines = (await eventLines(cluster, live, signal)).map((line) => `${describe(live)}, ${line}`);
    if (live.kind === "Pod") return [...(await podLines(cluster, live, signal)), ...lines];
    const labelSelector = podSelector(live);
    if (labelSelector === undefined) return lines;
    const pods = await cluster.list(POD, namespaceOf(live), { labelSelector }, signal);
    if (pods.length === 0) lines.push(`No pod of ${describe(live)} exists.`);
    const unhealthy = pods.filter(isUnhealthy).slice(0, MOST_PODS);
    for (const pod of unhealthy) lines.push(...(await podLines(cluster, pod, signal)));
    return [...new Set(lines)];
  } catch (error) {
    // The report explains a failure; it must not replace it.
    return [`No details: ${(error as Error).message}`];
  }
}
