import type { GateOutcome, Verdict } from "../outcome";

/** Label of the Jobs of gates and of their pods; its value is the gate's name. */
export const GATE_LABEL = "slipway.dev/gate";

/** What is read of a gate's pod. */
export interface GatePod {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly creationTimestamp?: string | Date;
  };
  readonly status?: {
    readonly containerStatuses?: readonly {
      readonly state?: {
        readonly terminated?: {
          readonly exitCode?: number;
          readonly message?: string;
          readonly reason?: string;
        };
      };
    }[];
  };
}

const VERDICTS: readonly string[] = ["passed", "failed", "inconclusive"] satisfies Verdict[];

/**
 * What the pods of gates ended with, one outcome per gate: that of its newest pod which has ended. The project's own gates leave
 * their outcome as the termination message; of other images the exit status says it, and the message is the reason.
 */
export function podOutcomes(pods: readonly GatePod[]): GateOutcome[] {
  const newest = new Map<string, { readonly at: string; readonly outcome: GateOutcome }>();
  for (const pod of pods) {
    const gate = pod.metadata?.labels?.[GATE_LABEL];
    const ended = pod.status?.containerStatuses?.[0]?.state?.terminated;
    if (gate === undefined || ended === undefined) continue;
    const created = pod.metadata?.creationTimestamp ?? "";
    const at = created instanceof Date ? created.toISOString() : created;
    const known = newest.get(gate);
    if (known === undefined || known.at <= at) newest.set(gate, { at, outcome: outcomeOf(gate, ended) });
  }
  return [...newest.values()].map(({ outcome }) => outcome);
}

function outcomeOf(
  gate: string,
  { exitCode, message = "", reason = "ended" }: { exitCode?: number; message?: string; reason?: string },
): GateOutcome {
  const own = parsed(message);
  // What a pod wrote before it was killed is not its word.
  if (own && own.gate === gate && (own.verdict === "passed") === (exitCode === 0)) return own;
  const said = message.trim().replace(/\s+/g, " ");
  const status = exitCode === undefined ? reason : `${reason}, exit status ${exitCode}`;
  return {
    gate,
    verdict: exitCode === 0 ? "passed" : "failed",
    value: null,
    reason: said === "" ? `its container ended (${status})` : `its container ended (${status}): ${said}`,
  };
}

function parsed(message: string): GateOutcome | undefined {
  let json: unknown;
  try {
    json = JSON.parse(message);
  } catch {
    return undefined;
  }
  if (typeof json !== "object" || json === null) return undefined;
  const { gate, verdict, value, reason, min, max } = json as Partial<GateOutcome>;
  const isNumber = (each: unknown) => typeof each === "number" && Number.isFinite(each);
  if (typeof gate !== "string" || typeof reason !== "string" || !VERDICTS.includes(String(verdict)))
    return undefined;
  if (value !== null && !isNumber(value)) return undefined;
  return {
    gate,
    verdict: verdict as Verdict,
    value: value as number | null,
    ...(isNumber(min) ? { min } : {}),
    ...(isNumber(max) ? { max } : {}),
    reason,
  };
}
