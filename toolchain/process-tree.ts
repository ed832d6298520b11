import { readdirSync, readFileSync } from "node:fs";

function entries(folder: string): number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return []; // It has ended, or this is no Linux.
  }
}

/** The number of the process that started this one. A program's name may have blanks and parentheses. */
function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 1).split(" ")[2]);
  } catch {
    return undefined;
  }
}

/** All threads, by their numbers, of the processes that this one has started, and of those that they have. */
export function threadsBelow(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const pid of entries("/proc")) {
    const parent = parentOf(pid);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const below = (pid: number): number[] =>
    (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(root).flatMap((pid) => entries(`/proc/${pid}/task`));
}
