import * as assert from "node:assert";
import type { Schema } from "../../../../../toolchain/plugins/kubernetes/preview/structural";
import { validate } from "../../../../../toolchain/plugins/kubernetes/preview/structural";
import { UNKNOWN } from "../../../../../toolchain/plugins/shared/values";

const schema: Schema = {
  type: "object",
  required: ["size"],
  properties: {
    size: { type: "integer", minimum: 1, maximum: 9 },
    ratio: { type: "number" },
    colour: { type: "string", enum: ["red", "green"] },
    name: { type: "string", pattern: "^[a-z]+$", maxLength: 5 },
    port: { "x-kubernetes-int-or-string": true },
    tags: { type: "array", items: { type: "string" }, minItems: 1, maxItems: 2 },
    labels: { type: "object", additionalProperties: { type: "string" } },
    free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    wrapped: { allOf: [{ $ref: "#/inner" }] },
  },
};
const resolve = (ref: string): Schema | undefined =>
  ref === "#/inner" ? { type: "object", properties: { deep: { type: "boolean" } } } : undefined;

describe("validate", () => {
  const good: [string, unknown][] = [
    [
      "everything right",
      { size: 1, ratio: 2, colour: "red", name: "abc", port: "http", tags: ["a"], labels: { x: "y" } },
    ],
    ["an unknown value anywhere", { size: UNKNOWN, colour: UNKNOWN, tags: [UNKNOWN], labels: UNKNOWN }],
    ["null for what is left out", { size: 1, colour: null }],
    ["anything where fields are preserved", { size: 1, free: { a: [1] } }],
    ["what a reference allows", { size: 1, wrapped: { deep: true } }],
  ];
  for (const [title, value] of good) {
    it(`passes ${title}`, () => assert.deepStrictEqual(validate(value, schema, { resolve }), []));
  }

  const bad: [unknown, string, string][] = [
    [{}, "size", "Required, but missing."],
    [{ size: "1" }, "size", "Expected integer, got string."],
    [{ size: 1.5 }, "size", "Expected integer, got number."],
    [{ size: 0 }, "size", "0 is less than 1."],
    [{ size: 10 }, "size", "10 is more than 9."],
    [{ size: 1, sise: 2 }, "sise", "Unknown field."],
    [{ size: 1, colour: "blue" }, "colour", '"blue" is none of "red", "green".'],
    [{ size: 1, name: "A" }, "name", '"A" does not match ^[a-z]+$.'],
    [{ size: 1, name: "abcdef" }, "name", "The text is longer than 5 characters."],
    [{ size: 1, port: true }, "port", "Expected an integer or a string, got boolean."],
    [{ size: 1, tags: [] }, "tags", "Has 0 items, but needs at least 1."],
    [{ size: 1, tags: ["a", "b", "c"] }, "tags", "Has 3 items, but may have at most 2."],
    [{ size: 1, tags: [1] }, "tags[0]", "Expected string, got integer."],
    [{ size: 1, labels: { x: 1 } }, "labels.x", "Expected string, got integer."],
    [{ size: 1, wrapped: { deep: "no" } }, "wrapped.deep", "Expected boolean, got string."],
    [[], "", "Expected object, got array."],
  ];
  for (const [value, property, reason] of bad) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      assert.deepStrictEqual(validate(value, schema, { resolve }), [{ property, reason }]);
    });
  }
});
