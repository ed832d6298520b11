import { otherSlot, SLOTS } from "./declaration";
import { differences, isSplit, notReady, openJournal, weightsInWords, type Situation } from "./plan";
import type { TrafficState } from "./traffic-state";

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
    const wrong = notReady(service, declared.live, slots[declared.live]);
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
    const wrong = notReady(service, slot, slots[slot]);
    if (wrong) return `${moved}; ${wrong}`;
  }
  return undefined;
}
