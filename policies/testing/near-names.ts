/** How many letters have to be added, left out or replaced to make one text of the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const replaced = row[j]! + (letter === to[j] ? 0 : 1);
      next.push(Math.min(replaced, row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}

const SHOWN = 3;

/** The names that somebody may have meant: those with most words of it, and of these those with the fewest letters changed. */
export function nearNames(name: string, names: Iterable<string>): string[] {
  const words = name.split("-");
  return [...names]
    .map((known) => {
      const has = new Set(known.split("-"));
      const shared = words.filter((word) => has.has(word)).length;
      return { known, shared, changed: distance(name, known) };
    })
    .filter(({ shared, changed }) => shared > 0 || changed <= name.length / 3)
    .sort((a, b) => b.shared - a.shared || a.changed - b.changed || (a.known < b.known ? -1 : 1))
    .slice(0, SHOWN)
    .map(({ known }) => known);
}
