import assert from "node:assert/strict";
import type { CollectedFinding } from "../../../audit/collect/collected";
import { applyWaivers } from "../../../audit/waivers/apply-waivers";
import type { WrittenWaiver } from "../../../audit/waivers/read-waivers";
import { RULES, urnOf } from "../support/rules";

const web = urnOf("Deployment", "web");
const TERMS = { asOf: "2026-11-21", maxDays: 180 };

const finding = (state: CollectedFinding["state"], resource = web): CollectedFinding => ({
  rule: "no-bad",
  resource,
  state,
  messages: state === "fail" ? ["It is bad."] : [],
});

const waiver = (fields: Partial<WrittenWaiver> = {}): WrittenWaiver => ({
  rule: "no-bad",
  resource: web,
  owner: "team-web",
  reason: "The vendor's image cannot.",
  ticket: "WEB-1",
  expires: "2026-12-31",
  line: 7,
  ...fields,
});

const apply = (findings: CollectedFinding[], ...waivers: WrittenWaiver[]) =>
  applyWaivers(findings, { waivers, problems: [] }, RULES, TERMS);

describe("applyWaivers", () => {
  it("waives a failure and keeps it, with who answers for it", () => {
    const { findings, problems } = apply(
      [finding("fail"), finding("fail", urnOf("Deployment", "api"))],
      waiver(),
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(findings, [
      {
        rule: "no-bad",
        resource: web,
        state: "waived",
        messages: ["It is bad."],
        waiver: {
          owner: "team-web",
          reason: "The vendor's image cannot.",
          ticket: "WEB-1",
          expires: "2026-12-31",
          line: 7,
        },
      },
      finding("fail", urnOf("Deployment", "api")),
    ]);
  });

  it("lets the first of two waivers count, and does not call the second unmatched", () => {
    const { findings, problems } = apply([finding("fail")], waiver(), waiver({ resource: "**", line: 14 }));
    assert.deepEqual(problems, []);
    assert.equal(findings[0]?.waiver?.line, 7);
  });

  it("waits with a waiver for what cannot be judged yet", () => {
    const { findings, problems } = apply([finding("indeterminate")], waiver());
    assert.deepEqual(problems, []);
    assert.equal(findings[0]?.state, "indeterminate");
  });

  for (const [name, expires, isGood] of [
    ["its last day", "2026-11-21", true],
    ["the day after", "2026-11-20", false],
    ["the longest time allowed", "2027-05-20", true],
    ["a day longer", "2027-05-21", false],
  ] as const) {
    it(`${isGood ? "holds" : "does not hold"} on ${name}`, () => {
      const { findings } = apply([finding("fail")], waiver({ expires }));
      assert.equal(findings[0]?.state, isGood ? "waived" : "fail");
    });
  }

  const flaws: Readonly<Record<string, [Partial<WrittenWaiver>, string]>> = {
    "that has expired": [
      { expires: "2026-11-20" },
      "The waiver for `no-bad` has expired on 2026-11-20; team-web must mend the finding or renew it.",
    ],
    "for too long": [
      { expires: "2027-05-21" },
      "The waiver for `no-bad` goes on for 181 days, until 2027-05-21; at most 180 are allowed.",
    ],
    "until no day": [
      { expires: "2026-02-30" },
      "The waiver for `no-bad` expires on 2026-02-30, which is no day of the calendar.",
    ],
    "for no rule": [{ rule: "nope" }, "The waiver is for `nope`, and there is no such rule."],
    "for a rule of a prototype's name": [
      { rule: "__proto__" },
      "The waiver is for `__proto__`, and there is no such rule.",
    ],
    "for a rule that forbids it": [
      { rule: "has-deployment" },
      "The rule `has-deployment` cannot be waived: mend what it finds.",
    ],
    "that matches nothing": [
      { resource: "**::api" },
      "The waiver for `no-bad` matches no failure: nothing fails at `**::api`. Remove it.",
    ],
  };
  for (const [name, [fields, message]] of Object.entries(flaws)) {
    it(`says where there is a waiver ${name}`, () => {
      const { findings, problems } = apply([finding("fail")], waiver(fields));
      assert.deepEqual(problems, [{ line: 7, message }]);
      assert.equal(findings[0]?.state, "fail");
    });
  }

  it("says that a waiver of something mended is to be removed", () => {
    assert.equal(apply([finding("pass")], waiver()).problems.length, 1);
  });

  it("lists every problem by its line", () => {
    const own = { line: 3, message: "The waiver has no `owner`." };
    const waivers = [waiver({ rule: "z", line: 9 }), waiver({ rule: "y", line: 1 })];
    const { problems } = applyWaivers([], { waivers, problems: [own] }, RULES, TERMS);
    assert.deepEqual(
      problems.map(({ line }) => line),
      [1, 3, 9],
    );
  });
});
