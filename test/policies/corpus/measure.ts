import { catalog } from "../../../policies/catalog";
import { itemType } from "../../../policies/model/subject";
import { matchesType } from "../../../policies/model/type-pattern";
import { type Outcome, type PlainResource, runPack } from "../../../policies/testing";
import type { Twin } from "./model";

/** A failure of a rule, as `rule on resource`. */
export interface Failure {
  readonly rule: string;
  readonly name: string;
  readonly enforcement: Outcome["enforcement"];
}

/** What the pack says of a pair. */
export interface Judgement {
  readonly twin: Twin;
  readonly bad: readonly Failure[];
  readonly good: readonly Failure[];
  /** Rules that fail for the bad one's subject, and not for the good one's. */
  readonly detectedBy: readonly string[];
  /** What is said of the good one and should not be: any mandatory failure, and each one of its subject. */
  readonly falseAlarms: readonly Failure[];
}

/** What fails in a stack of these resources. */
export async function failures(resources: readonly PlainResource[]): Promise<Failure[]> {
  // A rule about other types has nothing to say; asking all of them all the same takes most of the time.
  const entries = catalog.filter(({ rule }) =>
    resources.some(({ type }) => matchesType(itemType(type), rule.types)),
  );
  const outcomes = await runPack(resources, { entries });
  return outcomes
    .filter(({ state }) => state === "fail")
    .map(({ rule, urn = "", enforcement }) => ({ rule, name: urn.split("::").at(-1)!, enforcement }));
}

export async function judge(twin: Twin): Promise<Judgement> {
  const [bad, good] = [await failures(twin.bad), await failures(twin.good)];
  const ofSubject = ({ name }: Failure): boolean => twin.names.includes(name);
  const before = new Set(good.map(({ rule, name }) => `${rule} ${name}`));
  const found = bad.filter((one) => ofSubject(one) && !before.has(`${one.rule} ${one.name}`));
  return {
    twin,
    bad,
    good,
    detectedBy: [...new Set(found.map(({ rule }) => rule))],
    falseAlarms: good.filter((one) => one.enforcement === "mandatory" || ofSubject(one)),
  };
}

export interface Rates {
  readonly pairs: number;
  readonly detected: number;
  readonly falselyAlarmed: number;
}

export function ratesOf(judgements: readonly Judgement[]): Rates {
  return {
    pairs: judgements.length,
    detected: judgements.filter(({ detectedBy }) => detectedBy.length > 0).length,
    falselyAlarmed: judgements.filter(({ falseAlarms }) => falseAlarms.length > 0).length,
  };
}
