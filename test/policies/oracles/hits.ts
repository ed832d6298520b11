import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Twin } from "../corpus/model";
import type { Hit, Scanner, Side } from "./scan";

const FILE = join(__dirname, "hits.json");

/** What scanners said, by scanner and check, then by side: the pairs and the resources. */
interface Recorded {
  readonly corpus: string;
  readonly checks: readonly {
    readonly scanner: Scanner;
    readonly check: string;
    readonly title: string;
    readonly bad: readonly string[];
    readonly good: readonly string[];
  }[];
}

/** Tells whether recorded answers are about the corpus as it is. */
export function digestOf(corpus: readonly Twin[]): string {
  const scanned = corpus.map(({ id, bad, good }) => ({ id, bad, good }));
  return createHash("sha256").update(JSON.stringify(scanned)).digest("hex").slice(0, 16);
}

/** Writes what scanners said to the file that the page is made from without them. */
export function record(corpus: readonly Twin[], hits: readonly Hit[]): void {
  const checks = new Map<
    string,
    { scanner: Scanner; check: string; title: string; bad: string[]; good: string[] }
  >();
  for (const { scanner, check, title, side, twin, name } of hits) {
    const key = `${scanner} ${check}`;
    const entry = checks.get(key) ?? { scanner, check, title, bad: [], good: [] };
    entry[side].push(name === undefined ? twin : `${twin} ${name}`);
    checks.set(key, entry);
  }
  const sorted = [...checks.values()].sort((a, b) =>
    `${a.scanner} ${a.check}` < `${b.scanner} ${b.check}` ? -1 : 1,
  );
  for (const entry of sorted) for (const side of ["bad", "good"] as const) entry[side].sort();
  const recorded: Recorded = { corpus: digestOf(corpus), checks: sorted };
  writeFileSync(FILE, `${JSON.stringify(recorded, null, 1)}\n`);
}

/** @throws Error where the answers are about another corpus */
export function recorded(corpus: readonly Twin[]): Hit[] {
  const stored = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Recorded) : undefined;
  if (stored?.corpus !== digestOf(corpus)) {
    throw new Error(`${FILE} is about another corpus: run \`npx tsx test/policies/oracles/compare.ts\``);
  }
  const sides: readonly Side[] = ["bad", "good"];
  return stored.checks.flatMap((entry) =>
    sides.flatMap((side) =>
      entry[side].map((place): Hit => {
        const [twin = "", name] = place.split(" ");
        const { scanner, check, title } = entry;
        return { scanner, check, title, side, twin, name };
      }),
    ),
  );
}
