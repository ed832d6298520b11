import assert from "node:assert/strict";
import { parseBody as parse, refusalOf } from "./support/bodies";

const tensor = (fields: string) => `{"inputs":[{"name":"x",${fields}}]}`;
const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
const refusal = (body: string) => refusalOf(() => parse(body));

const TOO_DEEP = /^The request body is nested more than the 32 levels deep that `--max-json-depth` allows\.$/;

describe("a hostile request body", () => {
  const DEEP = nested(200_000);
  const cases: [string, string, RegExp][] = [
    ["a datatype nested deeply", tensor(`"datatype":${DEEP},"shape":[1],"data":[1]`), TOO_DEEP],
    ["data nested deeply", tensor(`"datatype":"FP32","shape":[1],"data":${DEEP}`), TOO_DEEP],
    ["a dimension nested deeply", tensor(`"datatype":"FP32","shape":[${DEEP}],"data":[1]`), TOO_DEEP],
    [
      "parameters nested deeply",
      `{"parameters":{"a":${DEEP}},"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}`,
      TOO_DEEP,
    ],
    [
      "a datatype nested a little",
      tensor(`"datatype":${nested(3)},"shape":[1],"data":[1]`),
      /^Input `x` has the datatype an array, must be one of /,
    ],
    [
      "data nested a little",
      tensor(`"datatype":"FP32","shape":[1],"data":${nested(3)}`),
      /^Input `x` holds an array, which is not a FP32 value\.$/,
    ],
    [
      "a dimension nested a little",
      tensor(`"datatype":"FP32","shape":[${nested(3)}],"data":[1]`),
      /^Input `x` has the shape \[an array\], but/,
    ],
    [
      "brackets in a text that never ends",
      `{"id":"${"[".repeat(100)}`,
      /^The request body is not valid JSON\.$/,
    ],
    ["NaN", tensor('"datatype":"FP32","shape":[1],"data":[NaN]'), /^The request body is not valid JSON\.$/],
    [
      "a tensor of more elements than allowed",
      tensor('"datatype":"FP32","shape":[8193,8192],"data":[1]'),
      /^Input `x` has the shape \[8193, 8192\], which is 67117056 elements; `--max-tensor-elements` allows 67108864\.$/,
    ],
    [
      "a shape of very many dimensions",
      tensor(`"datatype":"FP32","shape":[${"1,".repeat(100_000)}1],"data":[1]`),
      /^Input `x` has 100001 dimensions in `shape`, but at most 32 are taken\.$/,
    ],
    [
      "an object as value",
      tensor('"datatype":"INT64","shape":[1],"data":[{"toString":1}]'),
      /^Input `x` holds an object, which is not a INT64 value\.$/,
    ],
  ];
  for (const [what, body, sentence] of cases) {
    it(`is refused as the client's mistake: ${what}`, () => {
      const { code, message } = refusal(body);
      assert.equal(code, "InvalidArgument");
      assert.match(message, sentence);
    });
  }

  it("gets a message of bounded length, cut between characters", () => {
    const { message } = refusal(
      tensor(`"datatype":"FP32","shape":[1],"data":[1,2]`).replace("x", "🙂".repeat(5000)),
    );
    assert.ok(message.length <= 1001);
    assert.doesNotThrow(() => encodeURI(message));
  });

  it("cannot reach prototypes", () => {
    const { inputs } = parse(
      '{"__proto__":{"polluted":1},"inputs":[{"name":"__proto__","datatype":"FP32","shape":[1],"data":[1],"constructor":{}}]}',
    );
    assert.equal(inputs[0]!.name, "__proto__");
    assert.equal(({} as { polluted?: number }).polluted, undefined);
  });
});

describe("integers beyond 2^53", () => {
  const LONG = "12345678901234567890";
  const withInput = (more: string) =>
    `{${more}"inputs":[{"name":"x","datatype":"INT64","shape":[1],"data":[9223372036854775807]}]}`;

  it("leave what is echoed as it came", () => {
    const { parameters } = parse(withInput(`"parameters":{"sequence_id":${LONG}},`));
    assert.deepEqual(parameters, { sequence_id: Number(LONG) });
  });

  it("are no text", () => {
    const body = withInput("").replace(
      "]}]}",
      `]},{"name":"t","datatype":"BYTES","shape":[1],"data":[${LONG}]}]}`,
    );
    assert.equal(refusal(body).message, `Input \`t\` holds ${LONG}, which is not a BYTES value.`);
  });

  const beside: [string, string][] = [
    ["very many escapes", JSON.stringify('\n\\"'.repeat(500_000))],
    ["very many backslashes", JSON.stringify("\\".repeat(2_000_000))],
    ["very many digits before a fraction", `${"1".repeat(1_000_000)}.5`],
    ["very many digits", "1".repeat(1_000_000)],
    ["text that looks like integers", JSON.stringify(' 12345678901234567890 \\"'.repeat(100_000))],
  ];
  for (const [what, value] of beside) {
    it(`are found in linear time beside ${what}`, () => {
      const started = performance.now();
      const { inputs } = parse(withInput(`"parameters":{"p":${value}},`));
      assert.deepEqual(inputs[0]!.data, new BigInt64Array([9223372036854775807n]));
      assert.ok(performance.now() - started < 2000, `${performance.now() - started} ms`);
    });
  }

  it("are found beside a text of many megabytes", () => {
    const { inputs } = parse(withInput(`"id":"${"x".repeat(12_000_000)}",`));
    assert.deepEqual(inputs[0]!.data, new BigInt64Array([9223372036854775807n]));
  });
});
