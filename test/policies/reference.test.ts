import assert from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalog } from "../../policies/catalog";
import { renderReference } from "../../policies/reference";

const PAGE = join(__dirname, "../../docs/reference/policies.md");

describe("docs/reference/policies.md", () => {
  it("says what the rules say (UPDATE_DOCS=1 writes it)", () => {
    const expected = renderReference(catalog);
    if (process.env["UPDATE_DOCS"] === "1") writeFileSync(PAGE, expected);
    assert.strictEqual(readFileSync(PAGE, "utf8"), expected);
  });
});
