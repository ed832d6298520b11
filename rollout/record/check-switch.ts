import { SLOTS, type Weights } from "../declaration";
import type { GateOutcome } from "../outcome";
import { ACTIONS, type RecordedSwitch } from "./entry";
import { boundedText } from "./plain-text";

/** Longest texts in characters: an entry stays far below what a ConfigMap holds, whoever wrote the reason. */
export const TEXT_LIMITS = { by: 256, why: 2000, gate: 128, reason: 500 } as const;
/** Models of a slot in one entry. A ConfigMap holds 1 MiB, and an entry stays far below that. */
export const MAX_MODELS = 200;
/** Gates of one entry. */
export const MAX_GATES = 50;

const RFC3339_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

const isTime = (text: string) =>
  RFC3339_UTC.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text;

function checkWeights(name: string, weights: Weights): string | undefined {
  const shown = `blue ${weights.blue}, green ${weights.green}`;
  for (const slot of SLOTS) {
    const share = weights[slot];
    if (!Number.isInteger(share) || share < 0 || share > 100) {
      return `\`${name}\`: ${shown} must be whole percentages from 0 to 100`;
    }
  }
  return weights.blue + weights.green === 100 ? undefined : `\`${name}\`: ${shown} must sum to 100`;
}

function checkGate({ gate, value, min, max }: GateOutcome): string | undefined {
  for (const number of [value, min, max]) {
    if (number !== null && number !== undefined && !Number.isFinite(number)) {
      return `gate \`${boundedText(gate, TEXT_LIMITS.gate)}\`: ${number} cannot be recorded; a measurement without a finite value is null`;
    }
  }
  return undefined;
}

/** What keeps a switch from being recorded, in a sentence. */
export function problemOf(what: RecordedSwitch): string | undefined {
  if (what.service === "") return "`service`: must be the name of the rollout";
  if (!isTime(what.at)) return `\`at\`: "${what.at}" must be a time in UTC like "2026-01-31T09:00:00.000Z"`;
  if (boundedText(what.by, TEXT_LIMITS.by) === "") return "`by`: must say who asked for it";
  if (!(ACTIONS as readonly string[]).includes(what.action)) {
    return `\`action\`: "${what.action}" must be one of: ${ACTIONS.join(", ")}`;
  }
  if (!SLOTS.includes(what.live))
    return `\`live\`: "${String(what.live)}" must be one of: ${SLOTS.join(", ")}`;
  for (const [slot, digest] of Object.entries(what.digests)) {
    if (digest !== undefined && !DIGEST.test(digest)) {
      return `\`digests.${slot}\`: "${digest}" must be sha256: and 64 hexadecimal digits`;
    }
  }
  const { mirror = 0 } = what;
  if (!Number.isInteger(mirror) || mirror < 0 || mirror > 100) {
    return `\`mirror\`: ${mirror} must be a whole percentage from 0 to 100`;
  }
  if (what.gates.length > MAX_GATES) return `\`gates\`: ${what.gates.length} must be at most ${MAX_GATES}`;
  const gateProblem = what.gates.map(checkGate).find((problem) => problem !== undefined);
  return checkWeights("from", what.from) ?? checkWeights("to", what.to) ?? gateProblem;
}

function recordableGate({ gate, verdict, value, min, max, reason }: GateOutcome): GateOutcome {
  return {
    gate: boundedText(gate, TEXT_LIMITS.gate),
    verdict,
    value,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    reason: boundedText(reason, TEXT_LIMITS.reason),
  };
}

function recordableModels({ models = {} }: RecordedSwitch): Pick<RecordedSwitch, "models"> {
  const listed = SLOTS.flatMap((slot) => {
    const list = models[slot] ?? [];
    return list.length > 0 && list.length <= MAX_MODELS ? [[slot, [...list]] as const] : [];
  });
  return listed.length > 0 ? { models: Object.fromEntries(listed) } : {};
}

/** The switch as it is stored: its own fields alone, texts plain and bounded. */
export function recordable(what: RecordedSwitch): RecordedSwitch {
  const { blue, green } = what.digests;
  return {
    service: what.service,
    at: what.at,
    by: boundedText(what.by, TEXT_LIMITS.by),
    action: what.action,
    why: boundedText(what.why, TEXT_LIMITS.why),
    live: what.live,
    from: { blue: what.from.blue, green: what.from.green },
    to: { blue: what.to.blue, green: what.to.green },
    ...(what.mirror !== undefined && what.mirror > 0 && { mirror: what.mirror }),
    digests: { ...(blue !== undefined && { blue }), ...(green !== undefined && { green }) },
    ...recordableModels(what),
    gates: what.gates.map(recordableGate),
  };
}
