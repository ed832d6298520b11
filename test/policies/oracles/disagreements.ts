import type { Judgement } from "../corpus/measure";
import type { Hit, Scanner } from "./scan";

/** Pairs on which a scanner's check and the pack say different things. */
export interface Group {
  readonly scanner: Scanner;
  readonly check: string;
  readonly title: string;
  readonly twins: readonly string[];
}

/** Pairs of one area that the pack tells apart and a scanner does not. */
export interface OnlyPack {
  readonly area: string;
  readonly scanner: Scanner;
  readonly twins: readonly string[];
}

export interface Disagreements {
  /** A scanner tells the two apart, the pack does not. */
  readonly onlyScanner: readonly Group[];
  readonly onlyPack: readonly OnlyPack[];
  /** A scanner finds fault with a resource of a good one that the pack has nothing against. */
  readonly good: readonly Group[];
  /** How many pairs each scanner tells apart. */
  readonly detected: Readonly<Record<Scanner, number>>;
}

export const SCANNERS: readonly Scanner[] = ["Checkov", "kube-score"];

const placeOf = ({ scanner, check, twin, name }: Hit): string => [scanner, check, twin, name].join(" ");

function grouped(hits: readonly Hit[]): Group[] {
  const groups = new Map<string, Group & { twins: string[] }>();
  for (const { scanner, check, title, twin } of hits) {
    const key = `${scanner} ${check}`;
    const group = groups.get(key) ?? { scanner, check, title, twins: [] };
    if (!group.twins.includes(twin)) group.twins.push(twin);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Faults of the pairs' own subjects that are there on the bad side only: what tells the two apart. */
function tellingHits(judgements: readonly Judgement[], hits: readonly Hit[]): Hit[] {
  const judgementOf = new Map(judgements.map((judgement) => [judgement.twin.id, judgement]));
  const onGood = new Set(hits.filter(({ side }) => side === "good").map(placeOf));
  return hits.filter((hit) => {
    const names = judgementOf.get(hit.twin)?.twin.names ?? [];
    const ofSubject = hit.name === undefined || names.includes(hit.name);
    return hit.side === "bad" && ofSubject && !onGood.has(placeOf(hit));
  });
}

/** The pairs that a scanner tells apart. */
export function toldBy(
  scanner: Scanner,
  judgements: readonly Judgement[],
  hits: readonly Hit[],
): Set<string> {
  const own = hits.filter((hit) => hit.scanner === scanner);
  return new Set(tellingHits(judgements, own).map(({ twin }) => twin));
}

/** Compares what the pack says of every pair with what the public scanners say. */
export function compare(judgements: readonly Judgement[], hits: readonly Hit[]): Disagreements {
  const judgementOf = new Map(judgements.map((judgement) => [judgement.twin.id, judgement]));
  const telling = tellingHits(judgements, hits);
  const told = new Map(SCANNERS.map((scanner) => [scanner, toldBy(scanner, judgements, hits)]));
  const found = (twin: string): boolean => (judgementOf.get(twin)?.detectedBy.length ?? 0) > 0;

  const areas = [...new Set(judgements.map(({ twin }) => twin.area))];
  const onlyPack = SCANNERS.flatMap((scanner) =>
    areas.map((area): OnlyPack => {
      const own = judgements.filter(({ twin }) => twin.area === area && found(twin.id));
      const twins = own.map(({ twin }) => twin.id).filter((id) => !told.get(scanner)!.has(id));
      return { area, scanner, twins };
    }),
  );
  const silentOnGood = hits.filter(({ side, twin, name }) => {
    const failures = judgementOf.get(twin)?.good ?? [];
    return side === "good" && !failures.some((failure) => failure.name === name);
  });
  return {
    onlyScanner: grouped(telling.filter(({ twin }) => !found(twin))),
    onlyPack: onlyPack.filter(({ twins }) => twins.length > 0),
    good: grouped(silentOnGood),
    detected: Object.fromEntries(SCANNERS.map((scanner) => [scanner, told.get(scanner)!.size])) as Record<
      Scanner,
      number
    >,
  };
}
