import type { Cluster } from "../client/cluster";
import type { KubeObject } from "../object";
import { listAt, numberAt, textAt } from "../object";

/** What one look at an object tells. */
export interface Verdict {
  /** `failed`: waiting longer will not help. */
  readonly state: "ready" | "waiting" | "failed";
  /** What is being waited for, or why it failed: one sentence. */
  readonly message: string;
  /** Ready, but the person should hear why this may not be what they want: one sentence about the object. */
  readonly warning?: string;
}

export interface ReadinessContext {
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
  /** Milliseconds since the wait began; `Infinity` for a single look, as a refresh takes. */
  readonly elapsedMs: number;
}

/** Looks at a live object once. */
export type Readiness = (live: KubeObject, context: ReadinessContext) => Verdict | Promise<Verdict>;

export function ready(message = "ready", warning?: string): Verdict {
  return { state: "ready", message, warning };
}

/** Messages become parts of sentences; what controllers write often ends one. */
function unended(message: string): string {
  return message.trim().replace(/\.+$/, "");
}

export function waiting(message: string): Verdict {
  return { state: "waiting", message: unended(message) };
}

export function failed(message: string): Verdict {
  return { state: "failed", message: unended(message) };
}

export interface Condition {
  readonly type: string;
  /** `True`, `False` or `Unknown`. */
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
}

/** The conditions in a status-like object. */
export function conditionsOf(status: unknown): Condition[] {
  return listAt(status, "conditions").map((condition) => ({
    type: textAt(condition, "type") ?? "",
    status: textAt(condition, "status") ?? "Unknown",
    reason: textAt(condition, "reason") ?? "",
    message: textAt(condition, "message") ?? "",
    observedGeneration: numberAt(condition, "observedGeneration"),
  }));
}

export function conditionOf(status: unknown, type: string): Condition | undefined {
  return conditionsOf(status).find((condition) => condition.type === type);
}

/** `Programmed is False (AddressNotAssigned): no address`. */
export function conditionText({ type, status, reason, message }: Condition): string {
  return `${type} is ${status}${reason ? ` (${reason})` : ""}${message ? `: ${message}` : ""}`;
}

/** True once the controller has looked at the current spec. */
export function isObserved(live: KubeObject): boolean {
  const observed = numberAt(live, "status", "observedGeneration");
  return observed !== undefined && observed >= (live.metadata?.generation ?? 0);
}

/** The `matchLabels` and `matchExpressions` of a selector as a query; `undefined` where it selects nothing. */
export function selectorText(selector: unknown): string | undefined {
  const labels = Object.entries((selector as { matchLabels?: object } | undefined)?.matchLabels ?? {});
  const parts = labels.map(([key, value]) => `${key}=${String(value)}`);
  for (const expression of listAt(selector, "matchExpressions")) {
    const key = textAt(expression, "key") ?? "";
    const values = listAt(expression, "values").join(",");
    const operator = textAt(expression, "operator");
    if (operator === "Exists") parts.push(key);
    else if (operator === "DoesNotExist") parts.push(`!${key}`);
    else parts.push(`${key} ${operator === "NotIn" ? "notin" : "in"} (${values})`);
  }
  return parts.length > 0 ? parts.join(",") : undefined;
}
