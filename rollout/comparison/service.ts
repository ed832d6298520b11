/** Name of the comparator's Service, Deployment and every other object of a rollout's. */
export function comparatorName(rollout: string): string {
  return `${rollout}-comparator`;
}
