import type { Peer } from "./network-policy";
import { checkLabels } from "./placement-checks";
import { isDnsLabel, plainValue, type Problems } from "./validation";

/** Records what the API server would refuse in a network policy; what is known only later is checked by the API server. */
export function checkPeers(field: string, peers: readonly Peer[] | undefined, problems: Problems): void {
  peers?.forEach(({ namespace, podLabels }, i) => {
    const name = plainValue(namespace);
    problems.check(
      name === undefined || isDnsLabel(name),
      `${field}[${i}].namespace`,
      `"${name}" must be the name of a namespace`,
    );
    const known = Object.entries(plainValue(podLabels) ?? {}).flatMap(([key, value]) => {
      const plain = plainValue(value);
      return plain === undefined ? [] : [[key, plain] as const];
    });
    checkLabels(`${field}[${i}].podLabels`, Object.fromEntries(known), problems);
  });
}
