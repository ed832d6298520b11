import assert from "node:assert";
import { catalog } from "../../../policies/catalog";
import type { Rule, RuleConfig, StackRule } from "../../../policies/model/rule";
import type { Outcome, PlainResource } from "../../../policies/testing";
import { awsWorld } from "./aws-world";
import type { Edit } from "./edits";
import { runMatching } from "./run-matching";
import { silencingPlaces } from "./unknown-places";
import { goodWorld, type World } from "./world";

/** Named cases: each is the good world after these edits. */
export type Cases = Readonly<Record<string, Edit | readonly Edit[]>>;

/** Why a rule can have no cases of a kind: short, and about this rule. */
export interface None {
  readonly none: string;
}

type Kind = Cases | None;

interface Kinds {
  /** Nothing in the whole pack fails. */
  readonly good: Kind;
  /** This rule fails, and no other. */
  readonly bad: Kind;
  /** Some of what is required is there, the rest is missing: fails like `bad`. */
  readonly partial: Kind;
  /** The rule cannot know: indeterminate, neither failed nor passed. */
  readonly unknown: Kind;
}

interface WrongTypes {
  /** A value of a wrong type where a safe one is required, or that a provider reads as an unsafe one: fails, by this rule. */
  readonly wrongType: Kind;
  /** Nonsense that the API server or AWS refuses and the rule has nothing to say about: no failure, no exception. */
  readonly notJudged: Cases;
}

interface Settings {
  readonly config?: RuleConfig;
  /**
   * For stack rules, places of a bad world, as `service.spec.type`, on which it depends whether the rule is about what it failed,
   * with the reason: it may say nothing while the value there is not known.
   */
  readonly outOfScope?: Readonly<Record<string, string>>;
  /** What the cases are edits of. @default the AWS world for rules of AWS only, else the Kubernetes one */
  readonly world?: () => World;
}

/** Values of wrong types are judged, or refused by others, or both. */
type EveryKind = Kinds &
  (
    | (Pick<WrongTypes, "wrongType"> & Partial<Pick<WrongTypes, "notJudged">>)
    | (Pick<WrongTypes, "notJudged"> & { readonly wrongType?: undefined })
  );

export type RuleCases = EveryKind & Settings;

/** Further cases of a rule that has all kinds of them elsewhere, as under another configuration. */
export type MoreCases = Partial<Kinds & WrongTypes> & Settings;

function worldOf(rule: Rule): () => World {
  return rule.types.every((type) => type.startsWith("aws:")) ? awsWorld : goodWorld;
}

async function outcomes(
  rule: Rule,
  edits: Edit | readonly Edit[],
  { config = {}, world: makeWorld = worldOf(rule) }: Settings,
): Promise<Outcome[]> {
  const world = makeWorld();
  for (const edit of [edits].flat() as Edit[]) edit(world);
  const all = await runMatching(Object.values(world), {
    config: { [rule.id]: config },
    known: unchanged(world, makeWorld),
  });
  return all.filter(({ state }) => state !== "not-applicable");
}

const pristine = new WeakMap<() => World, ReadonlyMap<string, string>>();

/** The resources that no edit has touched: good-world.test.ts runs the whole pack over those. */
function unchanged(world: World, makeWorld: () => World): Set<PlainResource> {
  let texts = pristine.get(makeWorld);
  if (!texts) {
    texts = new Map(Object.entries(makeWorld()).map(([role, resource]) => [role, JSON.stringify(resource)]));
    pristine.set(makeWorld, texts);
  }
  const same = Object.entries(world).filter(
    ([role, resource]) => texts.get(role) === JSON.stringify(resource),
  );
  return new Set(same.map(([, resource]) => resource));
}

const failed = (found: readonly Outcome[]): string[] => [
  ...new Set(found.filter(({ state }) => state === "fail").map(({ rule }) => rule)),
];

/** Declares the tests of one rule from its tables of cases. */
export function describeRule(rule: Rule, cases: RuleCases): void {
  describe(rule.id, () => {
    it("is in the catalog", () => assert.ok(catalog.some((entry) => entry.rule === rule)));
    declare(rule, cases);
  });
}

/** Declares further tests of a rule that `describeRule` was told of. */
export function describeMore(rule: Rule, cases: MoreCases): void {
  describe(`${rule.id}, ${JSON.stringify(cases.config ?? {})}`, () => declare(rule, cases));
}

function isNone(kind: Kind): kind is None {
  return typeof kind["none"] === "string";
}

function declare(rule: Rule, cases: MoreCases): void {
  const each = (
    kind: keyof Kinds | keyof WrongTypes,
    title: string,
    check: (found: Outcome[]) => void,
  ): void => {
    const table = cases[kind];
    if (table === undefined || isNone(table)) return;
    const named = Object.entries(table);
    if (named.length === 0)
      throw new Error(`\`${kind}\` of ${rule.id} has no cases: give one, or { none: "why there is none" }.`);
    for (const [name, edits] of named) {
      it(`${title}: ${name}`, async () => check(await outcomes(rule, edits, cases)));
    }
  };
  if (rule.scope === "stack")
    it("says so where a value that could hide a failure is not known", () =>
      assert.deepStrictEqual(hiddenFailures(rule, cases), []));
  each("good", "passes", (found) => assert.deepStrictEqual(failed(found), []));
  each("bad", "fails alone", (found) => assert.deepStrictEqual(failed(found), [rule.id]));
  each("partial", "fails alone, in part", (found) => assert.deepStrictEqual(failed(found), [rule.id]));
  each("wrongType", "fails for a wrong type", (found) => assert.ok(failed(found).includes(rule.id)));
  each("notJudged", "does not judge", (found) => assert.ok(!failed(found).includes(rule.id)));
  each("unknown", "is indeterminate", (found) => {
    const own = found.filter((outcome) => outcome.rule === rule.id);
    assert.deepStrictEqual([...new Set(own.map(({ state }) => state))], ["indeterminate"]);
  });
}

/** Places of the bad and partial worlds where a failure would go without a word, and reasons that no place needs. */
function hiddenFailures(rule: StackRule, cases: MoreCases): string[] {
  const { bad = {}, partial = {}, config = {}, world: makeWorld = worldOf(rule), outOfScope = {} } = cases;
  const tables = [bad, partial].filter((kind): kind is Cases => !isNone(kind));
  const excused = new Set<string>();
  const hidden = tables.flatMap(Object.entries<Edit | readonly Edit[]>).flatMap(([name, edits]) => {
    const world = makeWorld();
    for (const edit of [edits].flat() as Edit[]) edit(world);
    return silencingPlaces(rule, world, config).flatMap((place) => {
      if (!Object.hasOwn(outOfScope, place)) return [`${name}: ${place}`];
      excused.add(place);
      return [];
    });
  });
  const unneeded = Object.keys(outOfScope).filter((place) => !excused.has(place));
  return [...hidden, ...unneeded.map((place) => `\`outOfScope\` needs no ${place}`)];
}
