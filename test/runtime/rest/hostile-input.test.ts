import assert from "node:assert/strict";
import { ByteBudget } from "../../../runtime/dataplane/byte-budget";
import { parseInferRequest } from "../../../runtime/rest/parse-request";
import { LIMITS, parseBody as parse, refusalOf } from "./support/bodies";
import { RestServer } from "./support/rest-server";

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

describe("JSON that takes much more memory than its bytes", () => {
  const input = '{"name":"x","datatype":"FP32","shape":[1],"data":[1]}';
  const withParameters = (parameters: string) => `{"inputs":[${input}],"parameters":${parameters}}`;
  const read = (json: string, budget: ByteBudget) => {
    const bytes = Buffer.from(json);
    return parseInferRequest({ bytes, jsonLength: bytes.length }, LIMITS, budget.open());
  };
  /** Those of the request itself. */
  const AROUND = { containers: 6, keys: 6 };
  const sizeOf = (containers: number, keys: number) =>
    64 * (AROUND.containers + containers) + 128 * (AROUND.keys + keys);

  const shapes: [string, string, number][] = [
    [
      "empty objects",
      `[${new Array(1000).fill("{}").join()}]`.replace(/^(.*)$/, '{"a":$1}'),
      sizeOf(1001, 1),
    ],
    ["arrays in arrays", `{"a":[${new Array(500).fill("[[]]").join()}]}`, sizeOf(1001, 1)],
    ["keys", `{${Array.from({ length: 500 }, (_, i) => `"k${i}":0`).join()}}`, sizeOf(0, 500)],
    ["brackets and colons in texts, which count for nothing", '{"a":"[[{{:::\\"]"}', sizeOf(0, 1)],
  ];
  for (const [what, parameters, size] of shapes) {
    it(`is charged for it: ${what}`, () => {
      const budget = new ByteBudget(size);
      read(withParameters(parameters), budget);
      assert.equal(budget.heldBytes, size);
      assert.throws(() => read(withParameters(parameters), new ByteBudget(size - 1)), {
        code: "PayloadTooLarge",
        message: `The body's arrays, objects and keys take ${size} bytes of memory, which is more than \`--max-pending-bytes\` leaves for them; send tensors flat or as bytes.`,
      });
    });
  }

  describe("long numbers and those with exponents", () => {
    const body = (data: string, datatype = "INT32") => {
      const shape = `[${data.split(",").length}]`;
      return `{"inputs":[{"name":"x","datatype":"${datatype}","shape":${shape},"data":[${data}]}]}`;
    };
    const STRUCTURE = 64 * 5 + 128 * 5;
    const size = STRUCTURE + 256 * 1000;

    it("are charged where whole numbers are read of them", () => {
      for (const number of ["1e0", "0.1000000000000000e1", "1.00000000000000000000"]) {
        const budget = new ByteBudget(size);
        const { inputs } = read(body(new Array(1000).fill(number).join()), budget);
        assert.deepEqual(inputs[0]!.data, new Int32Array(1000).fill(1));
        assert.equal(budget.heldBytes, size);
      }
      assert.throws(() => read(body(new Array(1000).fill("1e0").join()), new ByteBudget(size - 1)), {
        code: "PayloadTooLarge",
        message:
          "The body's long numbers and those with exponents take 256000 bytes of memory, which is more than `--max-pending-bytes` leaves for them; send tensors as bytes.",
      });
    });

    it("are charged nothing in texts, nor where floating-point numbers are read of them", () => {
      const texts = new ByteBudget(STRUCTURE + 256);
      const { inputs } = read(
        '{"inputs":[{"name":"é\\"1e5","datatype":"INT32","shape":[2],"data":[1e0,-2]}]}',
        texts,
      );
      assert.deepEqual([inputs[0]!.name, inputs[0]!.data], ['é"1e5', Int32Array.of(1, -2)]);
      assert.equal(texts.heldBytes, STRUCTURE + 256);
      const floats = new ByteBudget(STRUCTURE);
      read(body("1e-400,1e1", "FP64"), floats);
      assert.ok(floats.heldBytes <= STRUCTURE);
    });

    it("are charged by the generate endpoints", async () => {
      const spec = { inputs: [{ name: "ids", datatype: "INT64" as const, shape: [-1] }], outputs: [] };
      const server = await RestServer.start({ m: { spec } });
      const { status, json } = await server.call(
        "POST",
        "/v2/models/m/generate",
        `{"ids":[${new Array(4000).fill("1e0").join()}]}`,
      );
      assert.deepEqual([status, server.budget.heldBytes], [413, 0]);
      assert.match(json.error, /^The body's long numbers and those with exponents take 1024000 bytes/);
      await server.close();
    });

    it("do not keep an input that is none from being refused as such", () => {
      for (const input of ["5", '"data"', "null", "[]"]) {
        const json = body("1e0").replace(/\]}$/, `,${input}]}`);
        assert.throws(() => read(json, new ByteBudget(10_000)), {
          code: "InvalidArgument",
          message: "`inputs[1]` must be an object.",
        });
      }
    });
  });

  it("is asked to come again where others hold the memory", () => {
    const budget = new ByteBudget(100_000);
    budget.open().take(90_000);
    assert.throws(() => read(withParameters(`{"a":[${"{},".repeat(200)}{}]}`), budget), {
      code: "Overloaded",
    });
    assert.equal(budget.heldBytes, 90_000);
  });

  it("is nothing that tensors of the usual form pay for, nested or not", () => {
    const budget = new ByteBudget(0);
    const rows = new Array(5000).fill("[1]").join();
    read(`{"inputs":[{"name":"x","datatype":"FP32","shape":[5000,1],"data":[${rows}]}]}`, budget);
    assert.equal(budget.heldBytes, 0);
  });

  it("is refused by every endpoint that parses it, and leaves nothing held", async () => {
    const server = await RestServer.start({ m: { spec: { inputs: [], outputs: [] } } });
    const body = `{"parameters":{"a":[${"{},".repeat(30_000)}{}]}}`;
    for (const path of [
      "models/m/infer",
      "models/m/generate",
      "repository/index",
      "repository/models/m/load",
    ]) {
      const { status, json } = await server.call("POST", `/v2/${path}`, body);
      assert.deepEqual([path, status], [path, 413]);
      assert.match(json.error, /^The body's arrays, objects and keys take 1920\d{3} bytes of memory/);
    }
    assert.equal(server.budget.heldBytes, 0);
    await server.close();
  });
});

describe("integers beyond 2^53", () => {
  const LONG = "12345678901234567890";
  const withInput = (more: string) =>
    `{${more}"inputs":[{"name":"x","datatype":"INT64","shape":[1],"data":[9223372036854775807]}]}`;

  it("leave what is echoed as it came", () => {
    const { parameters } = parse(withInput(`"parameters":{"sequence_id":${LONG}},`));
    assert.deepEqual(parameters, { sequence_id: BigInt(LONG) });
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
    ["very many zeros", `${"0.".padEnd(1_000_000, "0")}1`],
    ["very many fractions", `[${"0.1,".repeat(300_000)}1]`],
    ["text that looks like integers", JSON.stringify(' 12345678901234567890 \\"'.repeat(100_000))],
  ];
  for (const [what, value] of beside) {
    it(`are found in linear time beside ${what}`, () => {
      const started = performance.now();
      const { inputs } = parse(withInput(`"aside":${value},`));
      assert.deepEqual(inputs[0]!.data, new BigInt64Array([9223372036854775807n]));
      assert.ok(performance.now() - started < 2000, `${performance.now() - started} ms`);
    });
  }

  it("are found beside a text of many megabytes", () => {
    const { inputs } = parse(withInput(`"id":"${"x".repeat(12_000_000)}",`));
    assert.deepEqual(inputs[0]!.data, new BigInt64Array([9223372036854775807n]));
  });
});
