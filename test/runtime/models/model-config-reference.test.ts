import assert from "node:assert/strict";
import { format, resolveConfig } from "prettier";
import { modelConfigSchema } from "../../../runtime/models/model-config-schema";
import { assertReferencePage } from "../../support/reference-page";
import { fieldRows, modelJsonPage, modelJsonSchema } from "../support/model-json-page";

const SCHEMA_PAGE = "docs/reference/model.schema.json";

describe("docs/reference/model-json.md", () => {
  it("has the fields that the parser takes (UPDATE_DOCS=1 writes them)", () =>
    assertReferencePage("docs/reference/model-json.md", modelJsonPage()));

  it("says what each field means", () => {
    const silent = fieldRows(modelJsonSchema()).filter(([, , , meaning]) => meaning === "");
    assert.deepEqual(silent, []);
  });
});

describe("docs/reference/model.schema.json", () => {
  it("is the parser's schema (UPDATE_DOCS=1 writes it)", async () => {
    const options = { ...(await resolveConfig(SCHEMA_PAGE)), parser: "json" };
    assertReferencePage(SCHEMA_PAGE, await format(JSON.stringify(modelJsonSchema()), options));
  });

  it("states defaults that the parser takes", () => {
    const { properties = {} } = modelJsonSchema();
    const defaults = Object.entries(properties).flatMap(([name, field]) =>
      field.default === undefined ? [] : [[name, field.default] as const],
    );
    assert.ok(defaults.length > 0);
    modelConfigSchema.parse(Object.fromEntries(defaults));
  });
});
