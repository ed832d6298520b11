import assert from "node:assert/strict";
import { encodeInferResponse } from "../../../runtime/rest/infer-response";
import { parseInferRequest } from "../../../runtime/rest/parse-request";
import { LIMITS, parseBody, refusalOf, tensorBody } from "./support/bodies";

const one = (datatype: string, shape: string, data: string) =>
  parseBody(tensorBody(datatype, shape, data)).inputs[0]!;

const refusal = (body: string) => refusalOf(() => parseBody(body)).message;

const refusedTensor = (datatype: string, shape: string, data: string) =>
  refusal(tensorBody(datatype, shape, data));

describe("parseInferRequest", () => {
  it("takes flat and nested data alike", () => {
    assert.deepEqual(one("FP32", "[2,2]", "[1,2,3,4]").data, new Float32Array([1, 2, 3, 4]));
    assert.deepEqual(one("FP32", "[2,2]", "[[1,2],[3,4]]").data, new Float32Array([1, 2, 3, 4]));
    assert.deepEqual(one("BYTES", "[2,1]", '[["a"],["é"]]').data, ["a", "é"]);
  });

  it("takes a scalar as a number or an array of one", () => {
    assert.deepEqual(one("INT64", "[]", "16000").data, new BigInt64Array([16000n]));
    assert.deepEqual(one("INT64", "[]", "[16000]").data, new BigInt64Array([16000n]));
  });

  it("keeps every digit of 64-bit integers", () => {
    const { data } = one("INT64", "[3]", "[9007199254740993, -9223372036854775808, 7]");
    assert.deepEqual(data, new BigInt64Array([9007199254740993n, -9223372036854775808n, 7n]));
    assert.deepEqual(
      one("UINT64", "[1]", "[18446744073709551615]").data,
      new BigUint64Array([18446744073709551615n]),
    );
  });

  it("leaves digits inside strings alone when it keeps those of numbers", () => {
    const body = `{"id":"12345678901234567890","inputs":[
      {"name":"t","datatype":"BYTES","shape":[1],"data":["x 12345678901234567890 \\" 1"]},
      {"name":"n","datatype":"INT64","shape":[1],"data":[1234567890123456789]}]}`;
    const { id, inputs } = parseBody(body);
    assert.equal(id, "12345678901234567890");
    assert.deepEqual(inputs[0]!.data, ['x 12345678901234567890 " 1']);
    assert.deepEqual(inputs[1]!.data, new BigInt64Array([1234567890123456789n]));
  });

  it("takes large whole numbers of other tensors beside integers of which every digit counts", () => {
    const { inputs } = parseBody(`{"inputs":[
      {"name":"f","datatype":"FP64","shape":[1],"data":[10000000000000000]},
      {"name":"n","datatype":"INT64","shape":[1],"data":[9007199254740993]}]}`);
    assert.deepEqual(inputs[0]!.data, new Float64Array([1e16]));
    assert.deepEqual(inputs[1]!.data, new BigInt64Array([9007199254740993n]));
  });

  const values: [string, string, unknown][] = [
    ["BOOL", "[true,false]", new Uint8Array([1, 0])],
    ["INT8", "[-128,127]", new Int8Array([-128, 127])],
    ["UINT8", "[0,255]", new Uint8Array([0, 255])],
    ["INT16", "[-32768,32767]", new Int16Array([-32768, 32767])],
    ["UINT16", "[0,65535]", new Uint16Array([0, 65535])],
    ["INT32", "[-2147483648,2147483647]", new Int32Array([-2147483648, 2147483647])],
    ["UINT32", "[0,4294967295]", new Uint32Array([0, 4294967295])],
    ["FP16", "[1,-2]", new Uint16Array([0x3c00, 0xc000])],
    ["FP64", "[1e300,0.1]", new Float64Array([1e300, 0.1])],
  ];
  for (const [datatype, data, expected] of values) {
    it(`takes ${datatype} ${data}`, () => assert.deepEqual(one(datatype, "[2]", data).data, expected));
  }

  const illValues: [string, string, string][] = [
    ["INT8", "[128]", "128"],
    ["UINT8", "[-1]", "-1"],
    ["UINT16", "[65536]", "65536"],
    ["INT32", "[1.5]", "1.5"],
    ["UINT32", "[4294967296]", "4294967296"],
    ["INT64", "[9223372036854775808]", "9223372036854775808"],
    ["INT64", "[-9223372036854775809]", "-9223372036854775809"],
    ["UINT64", "[18446744073709551616]", "18446744073709551616"],
    ["UINT64", "[123456789012345678901]", "123456789012345680000"],
    ["INT64", '["7"]', '"7"'],
    ["UINT64", "[-1]", "-1"],
    ["BOOL", "[2]", "2"],
    ["FP32", "[1e39]", "1e+39"],
    ["FP32", "[null]", "null"],
    ["FP16", "[65520]", "65520"],
    ["FP64", "[1e400]", "Infinity"],
    ["BYTES", "[1]", "1"],
  ];
  for (const [datatype, data, shown] of illValues) {
    it(`refuses ${data} as ${datatype}`, () =>
      assert.equal(
        refusedTensor(datatype, "[1]", data),
        `Input \`x\` holds ${shown}, which is not a ${datatype} value.`,
      ));
  }

  const whole: [string, string, bigint][] = [
    ["INT64", "1.0", 1n],
    ["INT64", "-1e3", -1000n],
    ["INT64", "9007199254740993.0", 9007199254740993n],
    ["INT64", "9007199254740993e0", 9007199254740993n],
    ["INT64", "0.9007199254740993E+16", 9007199254740993n],
    ["INT64", "90071992547409930e-1", 9007199254740993n],
    ["INT64", "-0.00000000000000000000", 0n],
    ["INT64", "0e999999999999", 0n],
    ["UINT64", "18446744073709551615.000", 18446744073709551615n],
    ["UINT64", "1e19", 10n ** 19n],
    ["UINT8", "25500000000000000000e-17", 255n],
    ["INT32", "-2147483648.0000000", -2147483648n],
    ["BOOL", "1.0000000000000000000", 1n],
  ];
  for (const [datatype, data, expected] of whole) {
    it(`takes ${data} as ${datatype}: its digits say that it is an integer`, () => {
      const [value] = one(datatype, "[1]", `[${data}]`).data as unknown as (bigint | number)[];
      assert.equal(BigInt(value!), expected);
    });
  }

  const fractions: [string, string][] = [
    ["INT64", "4503599627370497.3"],
    ["INT64", "9007199254740991.4"],
    ["INT64", "0.99999999999999999999"],
    ["INT64", "1e-400"],
    ["UINT64", "9007199254740993.5"],
    ["UINT8", "254.99999999999999999"],
    ["INT32", "-0.9999999999999999999999"],
    ["INT16", "99999999999999999999e-20"],
    ["BOOL", "0.99999999999999999999"],
  ];
  for (const [datatype, data] of fractions) {
    it(`refuses ${data} as ${datatype} rather than round it to an integer`, () =>
      assert.equal(
        refusedTensor(datatype, "[1]", `[${data}]`),
        `Input \`x\` holds ${data}, which is not a ${datatype} value.`,
      ));
  }

  it("refuses a fraction that is nested, or beside tensors of floats, which are read as they were", () => {
    const nested = "[[1,2],[3,3.99999999999999999999]]";
    assert.match(refusedTensor("INT32", "[2,2]", nested), /holds 3\.99999999999999999999, which/);
    const body = (value: string) => `{"aside":0,"inputs":[
      {"name":"f","datatype":"FP64","shape":[2],"data":[0.30000000000000001665,1e-400]},
      {"name":"n","datatype":"INT64","shape":[1],"data":[${value}]}]}`;
    assert.match(refusal(body("0.99999999999999999999")), /^Input `n` holds/);
    assert.deepEqual(parseBody(body("7")).inputs[0]!.data, Float64Array.of(0.3, 0));
  });

  describe("parameters", () => {
    const parameters = (text: string) =>
      `{"parameters":{${text}},"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}`;
    const echo = (text: string) => {
      const { body } = encodeInferResponse({ name: "m", version: "1" }, parseBody(parameters(text)), []);
      return /"parameters":(.*),"outputs"/.exec(String(body))?.[1];
    };

    it("keep every digit of integers, to the echo", () => {
      const text = '"sequence_id":9007199254740993,"least":-9223372036854775808,"most":18446744073709551615';
      assert.deepEqual(parseBody(parameters(text)).parameters, {
        sequence_id: 9007199254740993n,
        least: -(2n ** 63n),
        most: 2n ** 64n - 1n,
      });
      assert.equal(echo(text), `{${text}}`);
      const nested = '"a":[9007199254740993,{"b":9007199254740995,"c":null}],"d":"9007199254740997","e":1.5';
      assert.equal(echo(nested), `{${nested}}`);
    });

    it("are plain numbers where a double holds them", () => {
      assert.deepEqual(
        parseBody(parameters('"a":1e3,"b":9007199254740991,"c":1e300,"d":9007199254740993')).parameters,
        {
          a: 1000,
          b: 9007199254740991,
          c: 1e300,
          d: 9007199254740993n,
        },
      );
    });

    for (const value of ["18446744073709551616", "-9223372036854775809", "1e400"]) {
      it(`refuse ${value}`, () =>
        assert.equal(
          refusal(parameters(`"p":${value}`)),
          `The parameter \`p\` holds ${value}, which fits neither 64 bits nor a double; send it as a text.`,
        ));
    }
  });

  const refused: [string, string, string][] = [
    ["no JSON", "{", "The request body is not valid JSON."],
    ["an array", "[]", "The request body must be a JSON object with `inputs`."],
    ["no inputs", "{}", "`inputs` must be an array of at least one tensor."],
    ["an id that is no text", '{"id":1,"inputs":[]}', "`id` must be a string."],
    ["an input without a name", '{"inputs":[{}]}', "`inputs[0]` must have a `name`."],
    ["outputs that are no array", '{"inputs":[1],"outputs":{}}', "`outputs` must be an array."],
  ];
  for (const [what, body, sentence] of refused) {
    it(`refuses ${what}`, () => assert.equal(refusal(body), sentence));
  }

  const shapes: [string, string, RegExp][] = [
    ["[0]", "[]", /^Input `x` has the shape \[0\], but every dimension must be a whole number >= 1\.$/],
    ["[-1]", "[1]", /every dimension must be a whole number >= 1/],
    ["[1.5]", "[1]", /every dimension must be a whole number >= 1/],
    ['["2"]', "[1,2]", /every dimension must be a whole number >= 1/],
    ["[4294967296,4294967296]", "[1]", /which is too large/],
    [
      "[10000000]",
      "[1]",
      /^Input `x` has 1 elements in `data`, but its shape \[10000000\] needs 10000000\.$/,
    ],
    ["[2,2]", "[[1,2],[3]]", /nested `data` that does not match its shape \[2, 2\]/],
    ["[2,2]", "[[1,2,3,4]]", /nested `data` that does not match its shape \[2, 2\]/],
    ["[2,2]", "[[1,2],3]", /nested `data` that does not match its shape \[2, 2\]/],
    ["[2,1]", "[[[1]],[[2]]]", /which is not a FP32 value/],
  ];
  for (const [shape, data, sentence] of shapes) {
    it(`refuses shape ${shape} with data ${data}`, () =>
      assert.match(refusedTensor("FP32", shape, data), sentence));
  }

  it("refuses bytes that are not UTF-8", () => {
    const bytes = Buffer.from([0x22, 0xff, 0x22]);
    assert.throws(() => parseInferRequest({ bytes, jsonLength: 3 }, LIMITS), /must be UTF-8/);
  });

  it("survives deep nesting and prototype keys", () => {
    assert.equal(
      refusal("[".repeat(200_000)),
      "The request body is nested more than the 32 levels deep that `--max-json-depth` allows.",
    );
    assert.match(refusal(`{"__proto__":{"inputs":[1]}}`), /`inputs` must be an array/);
  });
});
