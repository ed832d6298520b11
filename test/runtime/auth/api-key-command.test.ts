import assert from "node:assert/strict";
import { apiKey } from "../../../runtime/auth/api-key-command";
import { findApiKey, parseApiKeys } from "../../../runtime/auth/api-keys";

const NOW = Date.parse("2026-06-01");

function run(...argv: string[]): { status: number; stdout: string; stderr: string } {
  return runIn({}, ...argv);
}

function runIn(
  env: NodeJS.ProcessEnv,
  ...argv: string[]
): { status: number; stdout: string; stderr: string } {
  const text = { stdout: "", stderr: "" };
  const into = (name: keyof typeof text) => ({ write: (part: string) => void (text[name] += part) });
  const status = apiKey(argv, { stdout: into("stdout"), stderr: into("stderr"), env }, NOW);
  return { status, ...text };
}

describe("slipway api-key", () => {
  it("prints the key apart from the line that the server takes it by", () => {
    const { status, stdout, stderr } = run(
      "--name",
      "ci",
      "--scopes",
      "infer,metrics",
      "--expires",
      "2027-01-31",
    );
    assert.equal(status, 0);
    const [heading, key] = stderr.split("\n");
    assert.equal(heading, "The key of ci, shown this once:");
    assert.match(key!, /^slw_[A-Za-z0-9_-]{43}$/);
    assert.match(stdout, /^ci sha256:[0-9a-f]{64} infer,metrics 2027-01-31\n$/);
    assert.ok(!stdout.includes(key!));
    const keys = parseApiKeys(stdout);
    const owner = findApiKey(keys, key!, Date.parse("2027-01-30T23:59:59Z"));
    assert.deepEqual(owner && owner !== "expired" && [owner.subject, [...owner.scopes]], [
      "ci",
      ["infer", "metrics"],
    ]);
    assert.equal(findApiKey(keys, key!, Date.parse("2027-01-31")), "expired");
  });

  it("makes another key each time, for infer where nothing else is said", () => {
    const [first, second] = [run("--name", "a"), run("--name", "a")];
    assert.notEqual(first.stdout, second.stdout);
    assert.match(first.stdout, / infer\n$/);
  });

  it("reads the environment where a flag is left out", () => {
    assert.match(runIn({ SLIPWAY_NAME: "ci", SLIPWAY_SCOPES: "admin" }).stdout, /^ci sha256:\S+ admin\n$/);
    assert.match(runIn({ SLIPWAY_NAME: "ci" }, "--name", "b").stdout, /^b /);
  });

  for (const [what, argv, message] of [
    ["no name", [], "`--name` (or SLIPWAY_NAME) must be given: a text."],
    [
      "a scope that there is not",
      ["--name", "a", "--scopes", "root"],
      "`--scopes` (root) must be some of infer, admin, metrics.",
    ],
    ["no scope", ["--name", "a", "--scopes="], "`--scopes` () must be some of infer, admin, metrics."],
    [
      "a name that would not fit into a line",
      ["--name", "a b"],
      "`--name` (a b) must be up to 128 letters, digits, dots, dashes, underscores and at signs, the first a letter or digit.",
    ],
    [
      "what is no day",
      ["--name", "a", "--expires", "tomorrow"],
      "`--expires` (tomorrow) must be a day or a time (UTC) such as 2027-01-31 or 2027-01-31T12:00:00Z.",
    ],
    [
      "a day that is over",
      ["--name", "a", "--expires", "2026-06-01"],
      "`--expires` (2026-06-01) must lie ahead.",
    ],
    [
      "an argument too many",
      ["--name", "a", "b"],
      "Unexpected argument `b`; `slipway api-key --help` lists the options.",
    ],
  ] as const) {
    it(`refuses ${what}`, () => assert.throws(() => run(...argv), { name: "UsageError", message }));
  }
});
