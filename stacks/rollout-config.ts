import type { FlaggerSettings, RolloutSettings } from "../components";
import type { Strategy } from "../rollout/declaration";
import { ConfigError } from "./config-error";
import { checkFields, type Field } from "./fields";
import { GATE_FIELDS } from "./gate-config";

type Fields = Readonly<Record<string, Field>>;
type KeysOf<T> = T extends unknown ? keyof T : never;

/** Fields of a service's `rollout`. */
export const ROLLOUT_FIELDS = {
  slots: {
    type: "map",
    required: true,
    doc: "`blue`, `green` or both: what each slot runs; see below.",
  },
  strategy: {
    type: "map",
    required: true,
    doc: "How requests move from the live slot to the other, as in `{ kind: canary, stepWeights: [5, 25] }`; see below.",
  },
  live: {
    type: "text",
    default: "`blue`",
    doc: "The slot that is live first, before anything has been switched.",
  },
  gates: { type: "list of maps", default: "`[]`", doc: "What the candidate must pass; see below." },
  allowSignatureChange: {
    type: "flag",
    default: "`false`",
    doc: "Whether the candidate's models may take or give other tensors than the live ones.",
  },
  driver: {
    type: "text",
    default: "`pulumi`",
    doc: "Who moves the requests: `pulumi`, which is the program and its commands, or `flagger`, which must be in the cluster.",
  },
  flagger: {
    type: "map of texts",
    default: "`{}`",
    doc: "`prometheusUrl`, where Flagger measures (`http://prometheus.slipway-monitoring:9090`), and `approvalUrl`, where it asks for a person's word; see [traffic.md](../traffic.md).",
  },
} as const satisfies Record<Exclude<keyof RolloutSettings, "traffic">, Field>;

/** Fields of a `strategy`, by its kind. */
export const STRATEGY_FIELDS = {
  blueGreen: {
    scaleDownDelay: {
      type: "number",
      default: "`600`",
      doc: "Seconds for which the old slot keeps its pods after a switch: so long the way back is instant.",
    },
  },
  canary: {
    stepWeights: {
      type: "list of numbers",
      default: "`[5, 10, 25, 50]`",
      doc: "The candidate's share after each step in percent, ascending; the promotion follows the last.",
    },
    weight: { type: "number", doc: "Instead of `stepWeights`: the candidate's first share in percent." },
    increment: { type: "number", doc: "By how much it grows at each step, in percent." },
    maxWeight: { type: "number", doc: "Where it stops growing, in percent; the promotion follows." },
    interval: {
      type: "number",
      default: "`60`",
      doc: "Seconds for which a step is watched before the next.",
    },
    affinity: {
      type: "flag",
      default: "`false`",
      doc: "Keeps a client on the side that it was sent to, by a cookie, until that side goes.",
    },
    match: {
      type: "map of texts",
      doc: "A `header` and its `value`: requests with it go to the candidate, whatever its share.",
    },
    scaleDownDelay: {
      type: "number",
      default: "`600`",
      doc: "Seconds for which the old slot keeps its pods after the promotion.",
    },
  },
  shadow: {
    percent: { type: "number", default: "`100`", doc: "Share of requests that are copied, in percent." },
    samplePercent: {
      type: "number",
      default: "`10`",
      doc: "Share of requests whose answers both slots send to the comparator, in percent.",
    },
    compare: {
      type: "map",
      default: "`{}`",
      doc: "When an output counts as equal to the live slot's, as in `{ outputs: { y: { absolute: 0.01, topK: 5 } }, others: { relative: 0.001 } }`; without a rule, its values must be the same.",
    },
  },
  abTest: {
    share: { type: "number", default: "`50`", doc: "The candidate's share of clients in percent." },
    assignment: {
      type: "text",
      default: "`cookie`",
      doc: "Who keeps a user on a side: a `cookie` of the gateway, or those who call, by the `header` `slipway-slot`; see [experiments.md](../experiments.md#who-gets-what).",
    },
    metric: {
      type: "map",
      doc: "What decides, as in `{ kind: errorRate }`, `{ kind: latency, slowerThan: 0.25 }`, `{ kind: proportion, better: higher, queries: { users, successes } }` or `{ kind: mean, queries: { users, sum, squares } }`; without it a person does. See [experiments.md](../experiments.md#deciding-in-a-rollout).",
    },
    baseline: {
      type: "number",
      doc: "What is expected of the live slot: a share (`0.1`: a tenth), or of a `mean` the standard deviation between users. Must be given with `metric`.",
    },
    minimumEffect: {
      type: "number",
      doc: "Smallest gain that matters, in the metric's unit. Must be given with `metric`.",
    },
    minimumUsers: { type: "number", default: "`300`", doc: "Users of each arm before the first look." },
    alpha: {
      type: "number",
      default: "`0.05`",
      doc: "Probability of ever finding a difference where there is none.",
    },
    power: {
      type: "number",
      default: "`0.8`",
      doc: "Probability of finding the smallest gain that matters; the number of users follows from it.",
    },
    futility: {
      type: "flag",
      default: "`true`",
      doc: "Ends the test once a gain that matters is ruled out.",
    },
    maxDuration: {
      type: "number",
      default: "`1209600`",
      doc: "Seconds after which the test ends, whatever it knows.",
    },
    interval: { type: "number", default: "`60`", doc: "Seconds between two looks." },
    harm: {
      type: "list of maps",
      default: "`[]`",
      doc: "What must not get worse, as in `{ name: refunds, metric: { … }, tolerance: 0.005 }`.",
    },
    bandit: {
      type: "map",
      doc: "Moves the weights to what looks better while it learns: `floor` (`10` percent for each), `rebalance` (`600` seconds), `certainty` (`0.95`). No verdict with a stated error rate.",
    },
  },
} as const satisfies {
  [K in Strategy["kind"]]: Record<Exclude<KeysOf<Extract<Strategy, { kind: K }>>, "kind">, Field>;
};

const KIND: Field = { type: "text", required: true, doc: "Which one." };
const GATE_NAME: Field = {
  type: "text",
  required: true,
  doc: "Names the gate: letters, digits and hyphens.",
};

/**
 * Checks the form of a service's `rollout`; what the values mean is checked by the component.
 * @param checkSlot checks what a slot runs, which is found at the path
 * @throws ConfigError for the first thing that is wrong.
 */
export function checkRolloutFields(
  rollout: unknown,
  path: string,
  checkSlot: (slot: unknown, path: string) => void,
): void {
  checkFields(rollout, ROLLOUT_FIELDS, path);
  const { slots, strategy, gates, flagger } = rollout as {
    slots: object;
    flagger?: unknown;
    strategy: { kind?: unknown };
    gates?: readonly { kind?: unknown }[];
  };
  if (flagger !== undefined) checkFields(flagger, FLAGGER_FIELDS, `${path}.flagger`);
  checkFields(slots, SLOT_NAMES, `${path}.slots`);
  for (const [slot, content] of Object.entries(slots)) checkSlot(content, `${path}.slots.${slot}`);
  const fields = kindOf(strategy, STRATEGY_FIELDS, `${path}.strategy`);
  checkFields(strategy, { kind: KIND, ...fields }, `${path}.strategy`);
  gates?.forEach((gate, i) => {
    const own = kindOf(gate, GATE_FIELDS, `${path}.gates[${i}]`);
    checkFields(gate, { kind: KIND, name: GATE_NAME, ...own }, `${path}.gates[${i}]`);
  });
}

const FLAGGER_FIELDS = {
  prometheusUrl: { type: "text", doc: "Where gates are measured." },
  approvalUrl: { type: "text", doc: "Where it is asked whether a person has agreed." },
} as const satisfies Record<keyof FlaggerSettings, Field>;

const SLOT_NAMES = {
  blue: { type: "map", doc: "What the slot runs." },
  green: { type: "map", doc: "What the slot runs." },
} as const satisfies Fields;

function kindOf(value: { kind?: unknown }, kinds: Readonly<Record<string, Fields>>, path: string): Fields {
  const { kind } = value;
  if (typeof kind === "string" && Object.hasOwn(kinds, kind)) return kinds[kind]!;
  throw new ConfigError(
    `\`${path}.kind\` (${JSON.stringify(kind) ?? "missing"}) must be one of ${Object.keys(kinds).join(", ")}.`,
  );
}
