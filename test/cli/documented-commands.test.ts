import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { COMMAND_NAMES } from "../../cli/main";
import { projectRoot } from "../../toolchain/paths";

/** Commands of the server's image that make no sense on a command line. */
const OF_THE_IMAGE = ["lambda"];

const pages = [
  "README.md",
  ...readdirSync(join(projectRoot, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
];

/** First words after `slipway`, where something is typed: at the beginning of code, or after a prompt or an operator. */
function typedCommands(page: string): string[] {
  const code = [...page.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([text]) => text);
  return code.flatMap((text) =>
    [...text.matchAll(/(?:^`?|^.*npx (?:--no )?|[|;&(]\s*)slipway ([a-z][a-z-]*)/gm)].map(
      ([, word]) => word!,
    ),
  );
}

describe("commands that the documentation names", () => {
  for (const file of pages) {
    const named = typedCommands(readFileSync(join(projectRoot, file), "utf8"));
    if (named.length === 0) continue;
    it(`exist: ${file}`, () => {
      const unknown = named.filter((word) => !COMMAND_NAMES.includes(word) && !OF_THE_IMAGE.includes(word));
      assert.deepEqual(unknown, []);
    });
  }

  it("are found", () => {
    const text = readFileSync(join(projectRoot, "docs/experiments.md"), "utf8");
    assert.ok(typedCommands(text).includes("compare"));
    assert.ok(typedCommands(readFileSync(join(projectRoot, "README.md"), "utf8")).length > 5);
  });
});
