import assert from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { coveragePage } from "../oracles/coverage-page";
import { explanations } from "../oracles/explanations";
import { type AuditorsJudgement, auditorsPairs, judgePair } from "../auditors";
import { missedAtFirst } from "../auditors/visits";
import { outsiders } from "../outsiders";
import { FIRST } from "../outsiders/first-judgement";
import { recorded } from "../oracles/hits";
import { corpus } from ".";
import { type Judgement, judge, ratesOf } from "./measure";

const PAGE = join(__dirname, "../../../docs/policy-coverage.md");

describe("The corpus of misconfigured and well-configured twins", function () {
  this.timeout(120_000);
  const judgements: Judgement[] = [];
  const outside: Judgement[] = [];
  const audited: AuditorsJudgement[] = [];
  before(async () => {
    for (const twin of corpus) judgements.push(await judge(twin));
    for (const twin of outsiders) outside.push(await judge(twin));
    for (const pair of auditorsPairs) audited.push(await judgePair(pair));
  });

  it("has hundreds of pairs, no two alike, of which each differs from its twin", () => {
    assert.ok(corpus.length >= 500, `${corpus.length} pairs`);
    assert.strictEqual(new Set(corpus.map(({ id }) => id)).size, corpus.length);
    for (const { id, bad, good } of corpus) assert.notDeepStrictEqual(bad, good, id);
    const texts = corpus.map(({ bad, good, names }) => JSON.stringify([bad, good, names]));
    const twice = corpus.filter((_, i) => texts.indexOf(texts[i]!) !== i).map(({ id }) => id);
    assert.deepStrictEqual(twice, []);
  });

  it("is told apart by the pack in 98 % of the pairs, with false alarms in less than 1 %", () => {
    const { pairs, detected, falselyAlarmed } = ratesOf(judgements);
    assert.ok(detected / pairs >= 0.98, `${detected} of ${pairs} told apart`);
    assert.ok(falselyAlarmed / pairs < 0.01, `${falselyAlarmed} of ${pairs} false alarms`);
  });

  it("has beside it pairs from outside, of other controls, of which the pack finds 9 in 10 without a false alarm", () => {
    const controls = new Set(corpus.map(({ source, control }) => `${source} ${control}`));
    for (const { id, source, control, bad, good } of outsiders) {
      assert.ok(!controls.has(`${source} ${control}`), id);
      assert.notDeepStrictEqual(bad, good, id);
    }
    const { pairs, detected, falselyAlarmed } = ratesOf(outside);
    assert.ok(pairs >= 60 && detected / pairs >= 0.9, `${detected} of ${pairs} told apart`);
    assert.strictEqual(falselyAlarmed, 0);
    for (const id of FIRST.told) assert.ok(outsiders.some((twin) => twin.id === id));
  });

  it("has beside it pairs by auditors who did not know the pack, of which it finds 98 in 100", () => {
    const told = audited.filter(({ detectedBy }) => detectedBy.length > 0);
    assert.ok(
      audited.length >= 490 && told.length / audited.length >= 0.98,
      `${told.length} of ${audited.length}`,
    );
    assert.strictEqual(new Set(audited.map(({ pair }) => pair.id)).size, audited.length);
    for (const { pair } of audited) assert.notDeepStrictEqual(pair.bad, pair.good, pair.id);
    assert.strictEqual(audited.filter(({ pair }) => missedAtFirst(pair.id)).length, 51);
  });

  it("is compared with public scanners in docs/policy-coverage.md, each difference explained (UPDATE_DOCS=1 writes it)", () => {
    const expected = coveragePage(judgements, recorded(corpus), explanations(), outside, audited);
    if (process.env["UPDATE_DOCS"] === "1") writeFileSync(PAGE, expected);
    assert.strictEqual(readFileSync(PAGE, "utf8"), expected);
  });
});
