import type { TrafficState } from "../rollout/traffic-state";
import { ConfigError } from "./config-error";
import { checkFields, shorten, type Field } from "./fields";

/** Fields of an entry of `slipway:traffic`. */
export const TRAFFIC_FIELDS = {
  live: { type: "text", required: true, doc: "The slot that answers for the service: `blue` or `green`." },
  weights: {
    type: "map of values",
    required: true,
    doc: "Share of the requests of `blue` and of `green` in percent; they sum to 100.",
  },
  mirror: {
    type: "number",
    default: "`0`",
    doc: "Percent of the requests that are copied to the slot that is not live; only with strategy `shadow`.",
  },
  standby: {
    type: "text",
    default: "`warm`",
    doc: "What the slot that is not live does while it has no traffic: `warm` keeps its pods, `cold` has none.",
  },
  candidate: {
    type: "text",
    default: "the other slot while it has a share, else the live one where that is not the first",
    doc: "The slot that requests move to, or have moved to last: gates that run as Jobs are about it; `none` after a way back, which asks no gate.",
  },
  recordHead: {
    type: "text",
    doc: "Hash of the last entry of the audit record, which the commands write; the stack's outputs repeat it.",
  },
  recordCluster: {
    type: "text",
    doc: "UID of the namespace `kube-system` of the cluster that holds that entry, which the commands write; a cluster made anew begins a record of its own.",
  },
} as const satisfies Record<keyof TrafficState, Field>;

/**
 * Checks the form of `slipway:traffic`; what the values mean is checked by the component.
 * @param services those with a rollout
 * @throws ConfigError for the first thing that is wrong.
 */
export function readTraffic(
  parsed: unknown,
  given: string,
  services: readonly { readonly name: string; readonly rollout?: unknown }[],
): Record<string, TrafficState> {
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new ConfigError(`\`slipway:traffic\` (${shorten(given)}) must be a map of services.`);
  }
  const known = services.filter(({ rollout }) => rollout !== undefined).map(({ name }) => name);
  const states = Object.entries(parsed).map(([service, state]): [string, TrafficState] => {
    const path = `slipway:traffic.${service}`;
    if (!known.includes(service)) {
      throw new ConfigError(
        `\`${path}\` names no service with a \`rollout\`; there is ${known.join(", ") || "none"}.`,
      );
    }
    checkFields(state, TRAFFIC_FIELDS, path);
    const { mirror, standby, ...rest } = state as TrafficState;
    checkFields(rest.weights, WEIGHT_FIELDS, `${path}.weights`);
    return [service, { ...rest, mirror: mirror ?? 0, standby: standby ?? "warm" }];
  });
  return Object.fromEntries(states);
}

const WEIGHT_FIELDS = {
  blue: { type: "number", required: true, doc: "Percent." },
  green: { type: "number", required: true, doc: "Percent." },
} as const satisfies Record<string, Field>;
