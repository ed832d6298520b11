import { deflateSync, gzipSync } from "node:zlib";

/** A request over HTTP as a mistaken or hostile client sends it. */
export interface RestMistake {
  readonly what: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly status: number;
}

const INFER = "/v2/models/echo-fp32/infer";
/** Small enough that building it costs nothing, and far beyond what anyone sends. */
const DEEP = 50_000;

const good = { name: "x", datatype: "FP32", shape: [1, 4], data: [1, 2, 3, 4] };
const infer = (input: object, rest: object = {}) =>
  JSON.stringify({ inputs: [{ ...good, ...input }], ...rest });
/** As `infer`, for what JSON.stringify cannot write. */
const raw = (fields: string) => `{"inputs":[{"name":"x","datatype":"FP32",${fields}}]}`;

const json = (what: string, body: string | Buffer, rest: Partial<RestMistake> = {}): RestMistake => ({
  what,
  body,
  status: 400,
  ...rest,
});

const CONTENT: readonly RestMistake[] = [
  json("no body", ""),
  json("a body that is no JSON", "inputs"),
  json("a body that is cut off", infer({}).slice(0, -3)),
  json("a body that is null", "null"),
  json("a body that is an array", "[]"),
  json("a body that is a number", "1"),
  json(
    "bytes that are no UTF-8",
    Buffer.concat([Buffer.from(`{"id":"`), Buffer.of(0xff, 0xfe), Buffer.from(`"}`)]),
  ),
  json("no inputs", "{}"),
  json("inputs that are an object", `{"inputs":{}}`),
  json("an empty list of inputs", `{"inputs":[]}`),
  json("an input that is null", `{"inputs":[null]}`),
  json("an input without a name", infer({ name: undefined })),
  json("an input with a number for a name", infer({ name: 1 })),
  json("an unknown input", infer({ name: "z" })),
  json("the same input twice", JSON.stringify({ inputs: [good, good] })),
  json("an input more", JSON.stringify({ inputs: [good, { ...good, name: "z" }] })),
  json(
    "an input missing",
    JSON.stringify({ inputs: [{ name: "a", datatype: "INT64", shape: [1, 2], data: [1, 2] }] }),
    {
      path: "/v2/models/add/infer",
    },
  ),
  json("an unknown datatype", infer({ datatype: "FP31" })),
  json("a datatype that the protocol has and the server lacks", infer({ datatype: "BF16" })),
  json("a datatype that the model does not take", infer({ datatype: "FP64" })),
  json("a datatype named like a property of every object", infer({ datatype: "constructor" })),
  json("no shape", infer({ shape: undefined })),
  json("a shape that is a text", infer({ shape: "1,4" })),
  json("a shape of another rank", infer({ shape: [4] })),
  json("a shape that the model does not take", infer({ shape: [1, 5], data: [1, 2, 3, 4, 5] })),
  json("a negative dimension", infer({ shape: [-1, 4] })),
  json("a fractional dimension", infer({ shape: [1.5, 4] })),
  json("a dimension that is a text", infer({ shape: ["1", 4] })),
  json("a dimension of zero", infer({ shape: [0, 4], data: [] })),
  json("dimensions whose product overflows", infer({ shape: [2 ** 40, 2 ** 40] })),
  json("a dimension beyond every integer", raw(`"shape":[1e308,4],"data":[1,2,3,4]`)),
  json("a huge shape without the data for it", infer({ shape: [1_000_000_000, 4] })),
  json("too little data", infer({ data: [1, 2, 3] })),
  json("too much data", infer({ data: [1, 2, 3, 4, 5] })),
  json("no data", infer({ data: undefined })),
  json("data that is a text", infer({ data: "1234" })),
  json("a text among numbers", infer({ data: [1, 2, 3, "4"] })),
  json("a null among numbers", infer({ data: [1, 2, 3, null] })),
  json("a truth value among numbers", infer({ data: [1, 2, 3, true] })),
  json("nested data of another form", infer({ data: [[1, 2], [3], [4]] })),
  json("deeply nested data", raw(`"shape":[1,4],"data":${"[".repeat(DEEP)}1${"]".repeat(DEEP)}`)),
  json("deeply nested parameters", `{"parameters":${`{"a":`.repeat(DEEP)}1${"}".repeat(DEEP)}}`),
  json("NaN written as a word", raw(`"shape":[1,4],"data":[1,2,3,NaN]`)),
  json("a number beyond the datatype", infer({ data: [1, 2, 3, 1e39] })),
  json("an integer beyond the datatype", infer({ datatype: "UINT8", data: [1, 2, 3, 256] }), {
    path: "/v2/models/echo-uint8/infer",
  }),
  json("a fraction for an integer", infer({ datatype: "INT32", data: [1, 2, 3, 4.5] }), {
    path: "/v2/models/echo-int32/infer",
  }),
  json(
    "an integer of 64 bits that is too large",
    raw(`"shape":[1,4],"data":[1,2,3,9223372036854775808]`).replace("FP32", "INT64"),
    {
      path: "/v2/models/echo-int64/infer",
    },
  ),
  json("a number for a text", infer({ datatype: "BYTES", data: ["a", "b", "c", 4] }), {
    path: "/v2/models/echo-bytes/infer",
  }),
  json("an unknown output", infer({}, { outputs: [{ name: "z" }] })),
  json("the same output twice", infer({}, { outputs: [{ name: "y" }, { name: "y" }] })),
  json("outputs that are a text", infer({}, { outputs: "y" })),
  json("parameters that are a list", infer({}, { parameters: [] })),
  json("an id that is an object", infer({}, { id: {} })),
  json(
    "a key that is every object's prototype",
    `{"__proto__":{"inputs":[]},"constructor":{"prototype":{}}}`,
  ),
];

/** A binary body whose JSON says `size` bytes and that brings `bytes`; `length` is what the header says of the JSON. */
function binary(what: string, size: unknown, bytes: number, length?: string): RestMistake {
  const head = infer({ data: undefined, parameters: { binary_data_size: size } });
  const headers = { "inference-header-content-length": length ?? String(head.length) };
  return { what, headers, body: Buffer.concat([Buffer.from(head), Buffer.alloc(bytes)]), status: 400 };
}

const BINARY: readonly RestMistake[] = [
  binary("binary data that is cut off", 16, 15),
  binary("binary data that nobody announced", 16, 17),
  binary("a binary size that is not the shape's", 12, 12),
  binary("a negative binary size", -16, 16),
  binary("a binary size that is a text", "16", 16),
  binary("a binary size beyond every integer", 1e300, 16),
  binary("a JSON length beyond the body", 16, 16, "100000"),
  binary("a JSON length that is no number", 16, 16, "many"),
  binary("a negative JSON length", 16, 16, "-1"),
  {
    what: "texts whose lengths run past their end",
    path: "/v2/models/echo-bytes/infer",
    headers: { "inference-header-content-length": "0" },
    body: Buffer.of(255, 255, 255, 255, 1, 2),
    status: 400,
  },
];

const gzip = { "content-encoding": "gzip" };
const TRANSPORT: readonly RestMistake[] = [
  json("gzip that is none", infer({}), { headers: gzip }),
  json("gzip that is cut off", gzipSync(infer({})).subarray(0, -9), { headers: gzip }),
  json("deflate that is cut off", deflateSync(infer({})).subarray(0, -9), {
    headers: { "content-encoding": "deflate" },
  }),
  json("a small body that unpacks to more than is taken", gzipSync(Buffer.alloc(8 << 20)), {
    headers: gzip,
    status: 413,
  }),
  json("an encoding that nobody knows", infer({}), { headers: { "content-encoding": "zebra" }, status: 415 }),
  json("a body larger than is taken", Buffer.alloc(5 << 20, " "), { status: 413 }),
  json("an unknown model", infer({}), { path: "/v2/models/nothing/infer", status: 404 }),
  json("an unknown version", infer({}), { path: "/v2/models/echo-fp32/versions/7/infer", status: 404 }),
  json("a model named like a property of every object", infer({}), {
    path: "/v2/models/__proto__/infer",
    status: 404,
  }),
  json("a model's name that climbs folders", infer({}), {
    path: "/v2/models/..%2f..%2fetc/infer",
    status: 404,
  }),
  json("a percent sign that escapes nothing", infer({}), { path: "/v2/models/%E0%A4%A/infer" }),
  json("a path that nobody knows", infer({}), { path: "/v3/models", status: 404 }),
  { what: "the wrong method for inference", method: "GET", status: 405 },
  { what: "the wrong method for metadata", method: "DELETE", path: "/v2/models/echo-fp32", status: 405 },
];

export const REST_MISTAKES: readonly RestMistake[] = [...CONTENT, ...BINARY, ...TRANSPORT].map((mistake) => ({
  path: INFER,
  method: "POST",
  ...mistake,
}));
