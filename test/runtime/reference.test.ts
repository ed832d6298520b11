import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../toolchain/paths";
import { REFERENCE_TABLES } from "./support/reference-tables";

const PAGE = join(projectRoot, "docs/reference/server.md");

describe("docs/reference/server.md", () => {
  for (const [name, expected] of Object.entries(REFERENCE_TABLES)) {
    it(`has the ${name} that the code has (UPDATE_DOCS=1 writes them)`, () => {
      const page = readFileSync(PAGE, "utf8");
      const [begin, end] = [`<!-- ${name} -->\n`, `\n<!-- end -->`];
      const from = page.indexOf(begin) + begin.length;
      const to = page.indexOf(end, from);
      assert.ok(
        from >= begin.length && to > 0,
        `the page has no table between ${begin.trim()} and ${end.trim()}`,
      );
      if (process.env.UPDATE_DOCS) writeFileSync(PAGE, page.slice(0, from) + expected + page.slice(to));
      else assert.equal(page.slice(from, to), expected);
    });
  }
});
