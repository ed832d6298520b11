import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { SCHEMA_VERSION } from "../../../audit/report";
import { reportJsonSchema } from "../../../audit/schema/report-schema";
import { bundleClient, RENDER_FOLDER } from "./support/client-bundle";

const SCHEMA = join(RENDER_FOLDER, `../schema/report-${SCHEMA_VERSION}.schema.json`);
const BUNDLE = join(RENDER_FOLDER, "html/client-bundle.json");

/** Writes the file where it is asked to, and compares it else. */
async function isGenerated(path: string, value: unknown): Promise<void> {
  const text = await format(JSON.stringify(value), { parser: "json", printWidth: 110 });
  if (process.env.UPDATE_DOCS) writeFileSync(path, text);
  assert.ok(
    readFileSync(path, "utf8") === text,
    `${path} is not what its sources make: UPDATE_DOCS=1 npx mocha -r tsx/cjs --exit test/audit/render/generated.test.ts`,
  );
}

describe("generated files of the report", () => {
  it("has the JSON Schema that the source of the schema makes", async () => {
    await isGenerated(SCHEMA, reportJsonSchema());
  });

  it("has the script of the HTML report that its sources make", async () => {
    await isGenerated(BUNDLE, { script: bundleClient() });
  });

  it("has a script that cannot end its own element", () => {
    assert.doesNotMatch(bundleClient(), /<\/script|<!--|<script/i);
  });
});
