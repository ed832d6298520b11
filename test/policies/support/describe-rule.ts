import assert from "node:assert";
import { catalog } from "../../../policies/catalog";
import type { Rule, RuleConfig } from "../../../policies/model/rule";
import type { Outcome, PlainResource } from "../../../policies/testing";
import { awsWorld } from "./aws-world";
import type { Edit } from "./edits";
import { runMatching } from "./run-matching";
import { goodWorld, type World } from "./world";

/** Named cases: each is the good world after these edits. */
export type Cases = Readonly<Record<string, Edit | readonly Edit[]>>;

export interface RuleCases {
  /** Nothing in the whole pack fails. */
  readonly good?: Cases;
  /** This rule fails, and no other. */
  readonly bad: Cases;
  /** Some of what is required is there, the rest is missing: fails like `bad`. */
  readonly partial?: Cases;
  /** A value of a wrong type where a safe one is required: fails, by this rule. */
  readonly wrongType?: Cases;
  /** Nonsense that the API server refuses and the rule has nothing to say about: no failure, no exception. */
  readonly notJudged?: Cases;
  /** The rule cannot know: indeterminate, neither failed nor passed. */
  readonly unknown: Cases;
  readonly config?: RuleConfig;
  /** What the cases are edits of. @default the AWS world for rules of AWS only, else the Kubernetes one */
  readonly world?: () => World;
}

function worldOf(rule: Rule): () => World {
  return rule.types.every((type) => type.startsWith("aws:")) ? awsWorld : goodWorld;
}

async function outcomes(
  rule: Rule,
  edits: Edit | readonly Edit[],
  { config = {}, world: makeWorld = worldOf(rule) }: Pick<RuleCases, "config" | "world">,
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

/** Declares the tests of one rule from its table of cases. */
export function describeRule(rule: Rule, cases: RuleCases): void {
  const each = (table: Cases | undefined, title: string, check: (found: Outcome[]) => void): void => {
    for (const [name, edits] of Object.entries(table ?? {})) {
      it(`${title}: ${name}`, async () => check(await outcomes(rule, edits, cases)));
    }
  };
  describe(rule.id, () => {
    it("is in the catalog", () => assert.ok(catalog.some((entry) => entry.rule === rule)));
    each(cases.good, "passes", (found) => assert.deepStrictEqual(failed(found), []));
    each(cases.bad, "fails alone", (found) => assert.deepStrictEqual(failed(found), [rule.id]));
    each(cases.partial, "fails alone, in part", (found) => assert.deepStrictEqual(failed(found), [rule.id]));
    each(cases.wrongType, "fails for a wrong type", (found) => assert.ok(failed(found).includes(rule.id)));
    each(cases.notJudged, "does not judge", (found) => assert.ok(!failed(found).includes(rule.id)));
    each(cases.unknown, "is indeterminate", (found) => {
      const own = found.filter((outcome) => outcome.rule === rule.id);
      assert.deepStrictEqual([...new Set(own.map(({ state }) => state))], ["indeterminate"]);
    });
  });
}
