/** Names of the models that a model runs; none where it is no pipeline. */
export type PartsOf = (model: string) => readonly string[];

/** Every model after those that it runs; those that run each other in a circle in any order. */
export function dependencyOrder(names: readonly string[], partsOf: PartsOf): string[] {
  const wanted = new Set(names);
  const order = new Set<string>();
  const entered = new Set<string>();
  const visit = (name: string) => {
    if (!wanted.has(name) || entered.has(name)) return;
    entered.add(name);
    partsOf(name).forEach(visit);
    order.add(name);
  };
  names.forEach(visit);
  return [...order];
}

/** `a → b → a`, where a pipeline runs itself over others; undefined where it does not. */
export function cycleThrough(name: string, parts: readonly string[], partsOf: PartsOf): string | undefined {
  const seen = new Set<string>();
  const wayBack = (from: string): string[] | undefined => {
    if (from === name) return [name];
    if (seen.has(from)) return undefined;
    seen.add(from);
    for (const part of partsOf(from)) {
      const way = wayBack(part);
      if (way) return [from, ...way];
    }
    return undefined;
  };
  for (const part of parts) {
    const way = wayBack(part);
    if (way) return [name, ...way].join(" → ");
  }
  return undefined;
}
