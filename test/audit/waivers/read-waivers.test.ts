import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import { stringify } from "yaml";
import { InputError } from "../../../audit/input-error";
import { readWaivers } from "../../../audit/waivers/read-waivers";
import { waiversJsonSchema } from "../../../audit/waivers/waiver-schema";

const GOOD = {
  rule: "no-bad",
  resource: "**::web",
  owner: "team-web",
  reason: "The vendor's image cannot.",
  ticket: "WEB-1",
  expires: "2026-12-31",
};

const fileOf = (...waivers: unknown[]) => stringify({ waivers });
const problemsOf = (waiver: unknown) => readWaivers(fileOf(GOOD, waiver)).problems;

describe("readWaivers", () => {
  it("reads waivers with the lines that they begin at", () => {
    const text = `# who answers for what\nwaivers:\n  - rule: a\n${Object.entries(GOOD)
      .slice(1)
      .map(([key, value]) => `    ${key}: ${JSON.stringify(value)}\n`)
      .join("")}\n  - ${JSON.stringify(GOOD)}\n`;
    const { waivers, problems } = readWaivers(text);
    assert.deepEqual(problems, []);
    assert.deepEqual(waivers, [
      { ...GOOD, rule: "a", line: 3 },
      { ...GOOD, line: 10 },
    ]);
  });

  it("takes a day without quotes", () => {
    const [waiver] = readWaivers(fileOf(GOOD).replace('"2026-12-31"', "2026-12-31")).waivers;
    assert.equal(waiver?.expires, "2026-12-31");
  });

  it("takes an empty list", () =>
    assert.deepEqual(readWaivers("waivers: []"), { waivers: [], problems: [] }));

  for (const field of Object.keys(GOOD)) {
    it(`says where a waiver has no ${field}, and waives nothing by it`, () => {
      const rest = Object.fromEntries(Object.entries(GOOD).filter(([key]) => key !== field));
      const { waivers, problems } = readWaivers(fileOf(GOOD, rest));
      assert.deepEqual(problems, [{ line: 8, message: `The waiver has no \`${field}\`.` }]);
      assert.equal(waivers.length, 1);
    });
  }

  const flaws: Readonly<Record<string, [unknown, { line: number; message: string }]>> = {
    "a blank owner": [
      { ...GOOD, owner: "  " },
      { line: 10, message: "The waiver has no `owner`." },
    ],
    "an owner that is null": [
      { ...GOOD, owner: null },
      { line: 10, message: "The waiver has no `owner`." },
    ],
    "a ticket that is a number": [
      { ...GOOD, ticket: 17 },
      {
        line: 12,
        message: "The waiver's `ticket` must be text of at most 2,000 characters; a number needs quotes.",
      },
    ],
    "a day in another order": [
      { ...GOOD, expires: "31.12.2026" },
      { line: 13, message: "The waiver's `expires` must be a day in quotes or plain, like 2026-12-31." },
    ],
    "a field that waivers do not have": [
      { ...GOOD, until: "2026-12-31" },
      {
        line: 14,
        message: "`until` is no field of a waiver; it has: rule, resource, owner, reason, ticket, expires.",
      },
    ],
    "a text for a waiver": [
      "no-bad",
      { line: 8, message: "A waiver must be a map with rule, resource, owner, …." },
    ],
  };
  for (const [name, [waiver, problem]] of Object.entries(flaws)) {
    it(`says where there is ${name}`, () => assert.deepEqual(problemsOf(waiver), [problem]));
  }

  const files: Readonly<Record<string, [string, RegExp]>> = {
    "broken YAML": ["waivers:\n  - rule: [", /^line 2: is not valid YAML \(/],
    "a repeated key": ["waivers: []\nwaivers: []", /^line 2: is not valid YAML \(Map keys must be unique/],
    "no map": ["- a", /^line 1: must be a map with the key `waivers`$/],
    nothing: ["", /^line 1: must be a map with the key `waivers`$/],
    "another key": ["exceptions: []", /^line 1: `exceptions` is no key of it; the only one is `waivers`$/],
    "no list": ["waivers: yes", /^line 1: `waivers` must be a list, not text$/],
    "aliases of aliases": [
      `a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nwaivers:\n  - rule: [*b,*b,*b,*b,*b,*b,*b,*b]`,
      /^line 1: `a` is no key of it/,
    ],
    "an alias bomb in a waiver": [
      `waivers:\n  - &a [x,x,x,x]\n  - &b [*a,*a,*a,*a]\n  - &c [*b,*b,*b,*b]\n  - [*c,*c,*c,*c]`,
      /^line \d: Excessive alias count/,
    ],
  };
  for (const [name, [text, message]] of Object.entries(files)) {
    it(`refuses a file with ${name}`, () => {
      assert.throws(
        () => readWaivers(text),
        (error: Error) => {
          assert.ok(error instanceof InputError);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it("is not misled by names of an object's prototype", () => {
    const { waivers, problems } = readWaivers(
      'waivers:\n  - {"__proto__": {"rule": "no-bad"}, "constructor": 1}',
    );
    assert.deepEqual(waivers, []);
    assert.ok(problems.some(({ message }) => message.startsWith("`__proto__` is no field of a waiver")));
  });
});

describe("The published schema of waivers.yaml", () => {
  const published = JSON.parse(
    readFileSync(join(__dirname, "../../../audit/waivers/waivers.schema.json"), "utf8"),
  ) as object;
  const validate = new Ajv2020().compile(published);

  it("is what waivers are read by", () => assert.deepEqual(published, waiversJsonSchema()));

  it("takes what is read and refuses what is not", () => {
    assert.ok(validate({ waivers: [GOOD] }));
    for (const waiver of [
      { ...GOOD, owner: " " },
      { ...GOOD, until: "x" },
      { ...GOOD, expires: "soon" },
    ]) {
      assert.ok(!validate({ waivers: [waiver] }), JSON.stringify(waiver));
    }
  });
});
