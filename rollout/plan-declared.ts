import { otherSlot, SLOTS, type Slot } from "./declaration";
import { notAnswering, notReady } from "./plan";
import { differences, isSplit, openJournal, weightsInWords, type Situation } from "./situation";
import type { TrafficState } from "./traffic-state";

/**
 * Why an update must not give a slot other models while it has traffic or copies of it without being live: what was judged
 * so far, and approved, was another candidate. A new image of the server alone may come.
 * @param before what the slots served after the last update, `declared` what they would serve; neither where it is not known
 */
export function refillProblem(
  { service, configured, routes, driver }: Situation,
  before: Readonly<Partial<Record<Slot, readonly string[]>>>,
  declared: Readonly<Partial<Record<Slot, readonly string[]>>>,
): string | undefined {
  const candidate = otherSlot(configured.live);
  const [old, wanted] = [before[candidate], declared[candidate]];
  const share = Math.max(0, ...routes.map(({ weights }) => weights[candidate]));
  const copied = Math.max(0, ...routes.map(({ mirror }) => mirror));
  if (driver === "flagger" || !old || !wanted || (share === 0 && copied === 0)) return undefined;
  if (old.join() === wanted.join()) return undefined;
  const has = share > 0 ? `${share} % of the traffic` : `a copy of ${copied} % of the requests`;
  return `\`${service}\`: slot ${candidate} has ${has}, and this update would give it other models; \`slipway abort ${service}\` takes that away first`;
}

/**
 * Why an update that declares `declared` must not run against what the cluster has, with the command that mends it; undefined
 * where it may. Allowed are: no change, all traffic back to the live slot, another share for a ready candidate, its promotion
 * with all traffic (unless a command made the live slot what it is: then it takes a command to change that), and a standby that
 * is woken or, where it has no traffic, let go.
 * @param situation with `configured` as the last update declared it
 */
export function declaredProblem(situation: Situation, declared: TrafficState): string | undefined {
  const { service, configured, routes, slots, driver, lastSwitch } = situation;
  // Flagger's weights are ignored by updates, and where there are no routes yet there is nothing to differ from.
  if (driver === "flagger" || routes.length === 0) return undefined;
  const candidate = otherSlot(declared.live);
  const isSame = routes.every(
    ({ weights, mirror }) =>
      SLOTS.every((slot) => weights[slot] === declared.weights[slot]) && mirror === declared.mirror,
  );
  if (declared.standby === "cold" && (declared.weights[candidate] > 0 || declared.mirror > 0)) {
    return `\`${service}\`: slot ${candidate} is declared cold and is to have traffic; a slot with traffic must be warm`;
  }
  // Also while a rollout waits: whatever else is updated leaves its traffic as it is.
  if (isSame) return undefined;
  const journal = openJournal(situation);
  if (journal) {
    return (
      `a \`slipway ${journal.command} ${service}\` is not at its end; ` +
      `\`slipway ${journal.command} ${service}\` goes on, \`slipway rollback ${service}\` goes back`
    );
  }
  const share = Math.max(...routes.map(({ weights }) => weights[candidate]));
  if (declared.standby === "cold" && share > 0) {
    return `\`${service}\`: slot ${candidate} has ${share} % of the traffic, and this update would scale it down; \`slipway rollback ${service}\` moves the traffic first`;
  }
  const now = weightsInWords(routes[0]!.weights);
  const wanted = weightsInWords(declared.weights);
  const moved = `\`${service}\`: the cluster sends ${now}, and this update declares ${wanted}`;
  const isReturn = declared.weights[declared.live] === 100 && declared.mirror === 0;
  const drifted = differences(situation).length > 0;
  if (declared.live === configured.live && isReturn && isSplit(situation, declared.live)) {
    // A safe move, but only to a slot that can answer.
    const wrong = notAnswering(service, declared.live, slots[declared.live]);
    return wrong && `${moved}; ${wrong}`;
  }
  if (drifted) {
    return `${moved}, while the last update recorded ${weightsInWords(configured.weights)}; \`slipway rollback ${service}\` sends all traffic to ${configured.live}`;
  }
  if (declared.live !== configured.live && !isReturn) {
    return `${moved} and makes ${declared.live} live: two moves at once; \`slipway promote ${service}\` makes ${declared.live} live with all traffic`;
  }
  if (declared.live !== configured.live && lastSwitch?.live === configured.live) {
    // Most likely a configuration from before that switch.
    return `${moved}; the record's last switch made ${configured.live} live: take the configuration that it wrote, or make ${declared.live} live with \`slipway promote ${service}\` or \`slipway rollback ${service}\``;
  }
  for (const slot of SLOTS) {
    if (declared.weights[slot] === 0 && !(declared.mirror > 0 && slot === candidate)) continue;
    // The live slot has its share whatever becomes of its pods; what gets more must be whole.
    const wrong = (slot === configured.live ? notAnswering : notReady)(service, slot, slots[slot]);
    if (wrong) return `${moved}; ${wrong}`;
  }
  return undefined;
}
