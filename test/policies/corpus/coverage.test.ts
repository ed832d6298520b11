import assert from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { coveragePage } from "../oracles/coverage-page";
import { explanations } from "../oracles/explanations";
import { recorded } from "../oracles/hits";
import { corpus } from ".";
import { type Judgement, judge, ratesOf } from "./measure";

const PAGE = join(__dirname, "../../../docs/policy-coverage.md");

describe("The corpus of misconfigured and well-configured twins", function () {
  this.timeout(60_000);
  const judgements: Judgement[] = [];
  before(async () => {
    for (const twin of corpus) judgements.push(await judge(twin));
  });

  it("has hundreds of pairs, no two alike, of which each differs from its twin", () => {
    assert.ok(corpus.length >= 500, `${corpus.length} pairs`);
    assert.strictEqual(new Set(corpus.map(({ id }) => id)).size, corpus.length);
    for (const { id, bad, good } of corpus) assert.notDeepStrictEqual(bad, good, id);
    const texts = corpus.map(({ bad, good, names }) => JSON.stringify([bad, good, names]));
    const twice = corpus.filter((_, i) => texts.indexOf(texts[i]!) !== i).map(({ id }) => id);
    assert.deepStrictEqual(twice, []);
  });

  it("is told apart by the pack in 97 % of the pairs, with false alarms in less than 1 %", () => {
    const { pairs, detected, falselyAlarmed } = ratesOf(judgements);
    assert.ok(detected / pairs >= 0.97, `${detected} of ${pairs} told apart`);
    assert.ok(falselyAlarmed / pairs < 0.01, `${falselyAlarmed} of ${pairs} false alarms`);
  });

  it("is compared with public scanners in docs/policy-coverage.md, each difference explained (UPDATE_DOCS=1 writes it)", () => {
    const expected = coveragePage(judgements, recorded(corpus), explanations());
    if (process.env["UPDATE_DOCS"] === "1") writeFileSync(PAGE, expected);
    assert.strictEqual(readFileSync(PAGE, "utf8"), expected);
  });
});
