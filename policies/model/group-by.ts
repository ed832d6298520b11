/** Items by key, in the order given. */
export function groupBy<T>(items: Iterable<T>, key: (item: T) => string): Map<string, T[]>;
export function groupBy<T>(
  items: Iterable<T>,
  key: (item: T) => string | undefined,
): Map<string | undefined, T[]>;
export function groupBy<T>(
  items: Iterable<T>,
  key: (item: T) => string | undefined,
): Map<string | undefined, T[]> {
  const groups = new Map<string | undefined, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}
