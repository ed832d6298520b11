import assert from "node:assert/strict";
import { hashOfKey, parseApiKeys } from "../../../runtime/auth/api-keys";

describe("parseApiKeys", () => {
  const hash = hashOfKey("a");
  it("takes a file without keys as none: whoever empties it takes the last one back", () => {
    for (const text of ["", "# nothing"]) assert.equal(parseApiKeys(text).size, 0);
  });

  it("takes comments, empty lines and Windows' line ends", () => {
    const keys = parseApiKeys(`# keys\r\n\r\n  a sha256:${hash}   infer,metrics  2027-01-31\r\n`);
    assert.deepEqual([...keys.keys()], [hash]);
    assert.deepEqual(keys.get(hash)!.scopes, new Set(["infer", "metrics"]));
  });

  const form = "not the form `<name> sha256:<64 hex digits> <scope>[,<scope>] [<expiry>]`.";
  for (const [text, message] of [
    [
      `-x sha256:${hash} infer`,
      "has in line 1 no name of letters, digits, dots, dashes, underscores and at signs.",
    ],
    [`\na slw_pasted infer`, `has in line 2 (\`a\`) ${form}`],
    [`a sha256:${hash.toUpperCase()} infer`, `has in line 1 (\`a\`) ${form}`],
    [`a sha256:${hash} infer 2027-01-31 x`, `has in line 1 (\`a\`) ${form}`],
    [`a sha256:${hash}`, "has in line 1 (`a`) an unknown scope; there are infer, admin, metrics."],
    [`a sha256:${hash} infer,root`, "has in line 1 (`a`) an unknown scope; there are infer, admin, metrics."],
    [
      `a sha256:${hash} infer 31.1.2027`,
      "has in line 1 (`a`) no expiry of the form `2027-01-31` or `2027-01-31T12:00:00Z`.",
    ],
    [
      `a sha256:${hash} infer 2027-13-31`,
      "has in line 1 (`a`) no expiry of the form `2027-01-31` or `2027-01-31T12:00:00Z`.",
    ],
    [
      `a sha256:${hash} infer\na sha256:${hashOfKey("b")} infer`,
      "has in line 2 the name `a` again; each key needs its own.",
    ],
    [`a sha256:${hash} infer\nb sha256:${hash} infer`, "has in line 2 the hash of an earlier line again."],
  ] as const) {
    it(`says that a file ${message}`, () => assert.throws(() => parseApiKeys(text), { message }));
  }
});
