import assert from "node:assert/strict";
import type { Datatype } from "../../../runtime/dataplane/datatypes";
import { RestServer, type FakeModel, type Reply } from "./support/rest-server";

const model = (...inputs: [string, Datatype, number[]][]): FakeModel => {
  const specs = inputs.map(([name, datatype, shape]) => ({ name, datatype, shape }));
  return { spec: { inputs: specs, outputs: specs } };
};

const HEADER = "inference-header-content-length";

/** JSON and bytes of an answer. */
function parts({ bytes, headers }: Reply) {
  const length = Number(headers[HEADER]);
  return { json: JSON.parse(bytes.toString("utf8", 0, length)), tail: bytes.subarray(length) };
}

const TEXTS = Buffer.from([3, 0, 0, 0, 0x61, 0xc3, 0xa9, 0, 0, 0, 0]);

describe("binary tensors over REST", () => {
  let server: RestServer;
  before(async () => {
    server = await RestServer.start({
      one: model(["x", "FP32", [-1, 2]]),
      batched: { ...model(["x", "FP32", [-1, -1]]), maxBatchSize: 8 },
      free: model(["x", "FP32", [-1, -1]]),
      fixed: model(["x", "INT64", [2]]),
      text: model(["t", "BYTES", [1]]),
      two: model(["a", "INT32", [-1]], ["b", "BYTES", [-1]]),
    });
  });
  after(() => server.close());

  function send(name: string, json: object, tail: Buffer, jsonLength?: number | string): Promise<Reply> {
    const head = Buffer.from(JSON.stringify(json));
    const headers = { [HEADER]: jsonLength ?? head.length };
    return server.call("POST", `/v2/models/${name}/infer`, Buffer.concat([head, tail]), headers);
  }

  const input = (name: string, datatype: string, shape: number[], size: unknown, rest: object = {}) => ({
    name,
    datatype,
    shape,
    parameters: { binary_data_size: size },
    ...rest,
  });

  it("takes them after the JSON and gives them back where asked for", async () => {
    const tail = Buffer.from(new Int32Array([1, -2]).buffer);
    const inputs = [input("a", "INT32", [2], 8), input("b", "BYTES", [2], TEXTS.length)];
    const outputs = [{ name: "a", parameters: { binary_data: true } }, { name: "b" }];
    const reply = await send("two", { id: "7", inputs, outputs }, Buffer.concat([tail, TEXTS]));
    assert.equal(reply.status, 200);
    assert.equal(reply.headers["content-type"], "application/octet-stream");
    assert.equal(reply.headers["content-length"], String(reply.bytes.length));
    const { json, tail: answered } = parts(reply);
    assert.deepEqual(json, {
      model_name: "two",
      model_version: "1",
      id: "7",
      outputs: [
        { name: "a", datatype: "INT32", shape: [2], parameters: { binary_data_size: 8 } },
        { name: "b", datatype: "BYTES", shape: [2], data: ["aé", ""] },
      ],
    });
    assert.deepEqual(answered, tail);
  });

  it("gives all outputs as bytes where the request says so, except where an output says otherwise", async () => {
    const body = {
      parameters: { binary_data_output: true },
      inputs: [
        { name: "a", datatype: "INT32", shape: [1], data: [5] },
        { name: "b", datatype: "BYTES", shape: [2], data: ["aé", ""] },
      ],
    };
    const all = parts(await server.infer("two", body));
    assert.equal(all.json.parameters, undefined);
    assert.deepEqual(all.tail, Buffer.concat([Buffer.from([5, 0, 0, 0]), TEXTS]));
    const outputs = [{ name: "a", parameters: { binary_data: false } }, { name: "b" }];
    const some = parts(await server.infer("two", { ...body, outputs }));
    assert.deepEqual(some.json.outputs[0].data, [5]);
    assert.deepEqual(some.tail, TEXTS);
  });

  it("takes JSON and bytes in one request, in any order", async () => {
    const inputs = [
      { name: "a", datatype: "INT32", shape: [1], data: [5] },
      input("b", "BYTES", [2], TEXTS.length),
    ];
    const { json } = await send("two", { inputs }, TEXTS);
    assert.deepEqual(
      json.outputs.map((output: { data: unknown }) => output.data),
      [[5], ["aé", ""]],
    );
  });

  it("gives every tensor a buffer of its own, which can be handed to a worker", async () => {
    await send("one", { inputs: [input("x", "FP32", [1, 2], 8)] }, Buffer.alloc(8));
    const { data } = server.requests.at(-1)!.inputs[0]!;
    assert.equal((data as Float32Array).buffer.byteLength, 8);
  });

  const raw: [string, string, Buffer, number[], unknown][] = [
    [
      "its rows",
      "one",
      Buffer.from(new Float32Array([1, 2, 3, 4]).buffer),
      [2, 2],
      new Float32Array([1, 2, 3, 4]),
    ],
    [
      "one row of a batch",
      "batched",
      Buffer.from(new Float32Array([1, 2]).buffer),
      [1, 2],
      new Float32Array([1, 2]),
    ],
    [
      "a fixed shape",
      "fixed",
      Buffer.from(new BigInt64Array([1n, 2n]).buffer),
      [2],
      new BigInt64Array([1n, 2n]),
    ],
    ["one text", "text", Buffer.from("grüße"), [1], ["grüße"]],
  ];
  for (const [what, name, body, shape, data] of raw) {
    it(`takes a body without JSON as ${what}, and answers with bytes`, async () => {
      const reply = await server.call("POST", `/v2/models/${name}/infer`, body, { [HEADER]: 0 });
      assert.equal(reply.status, 200, reply.bytes.toString());
      const [tensor] = server.requests.at(-1)!.inputs;
      assert.deepEqual([tensor!.shape, tensor!.data], [shape, data]);
      assert.deepEqual(parts(reply).tail.length, name === "text" ? body.length + 4 : body.length);
    });
  }

  const refusedRaw: [string, string, Buffer, string][] = [
    [
      "two inputs",
      "two",
      Buffer.alloc(4),
      "A body without JSON is the tensor of a model that takes one, but model `two` takes 2; send them as JSON or after JSON.",
    ],
    [
      "a part of a row",
      "one",
      Buffer.alloc(12),
      "Input `x` has the shape [-1, 2] in model `one`, to which 12 raw bytes of FP32 cannot be fitted; say its shape in JSON.",
    ],
    [
      "a part of an element",
      "one",
      Buffer.alloc(7),
      "Input `x` has the shape [-1, 2] in model `one`, to which 7 raw bytes of FP32 cannot be fitted; say its shape in JSON.",
    ],
    [
      "two free dimensions",
      "free",
      Buffer.alloc(8),
      "Input `x` has the shape [-1, -1] in model `free`, to which 8 raw bytes of FP32 cannot be fitted; say its shape in JSON.",
    ],
    [
      "nothing",
      "one",
      Buffer.alloc(0),
      "Input `x` has the shape [-1, 2] in model `one`, to which 0 raw bytes of FP32 cannot be fitted; say its shape in JSON.",
    ],
    ["bytes that are no text", "text", Buffer.from([0xff]), "Input `t` holds bytes that are not UTF-8 text."],
  ];
  for (const [what, name, body, sentence] of refusedRaw) {
    it(`refuses a body without JSON of ${what}`, async () => {
      const { status, json } = await server.call("POST", `/v2/models/${name}/infer`, body, { [HEADER]: 0 });
      assert.deepEqual([status, json], [400, { error: sentence }]);
    });
  }

  const refused: [string, object[], Buffer, string][] = [
    [
      "a body that ends early",
      [input("x", "FP32", [1, 2], 8)],
      Buffer.alloc(7),
      "Input `x` has the `binary_data_size` 8, but only 7 bytes of the body are left for it.",
    ],
    [
      "bytes that no input declares",
      [input("x", "FP32", [1, 2], 8)],
      Buffer.alloc(9),
      "The body has 1 bytes more than the `binary_data_size` of its inputs.",
    ],
    [
      "a size that does not fit the shape",
      [input("x", "FP32", [1, 3], 8)],
      Buffer.alloc(8),
      "Input `x` has 8 raw bytes, but its shape needs 12.",
    ],
    [
      "a size below zero",
      [input("x", "FP32", [1, 2], -8)],
      Buffer.alloc(8),
      "Input `x` has the `binary_data_size` -8, which must be a number of bytes.",
    ],
    [
      "a size that is no number",
      [input("x", "FP32", [1, 2], "8")],
      Buffer.alloc(8),
      'Input `x` has the `binary_data_size` "8", which must be a number of bytes.',
    ],
    [
      "bytes and values at once",
      [input("x", "FP32", [1, 2], 8, { data: [1, 2] })],
      Buffer.alloc(8),
      "Input `x` has both `data` and `binary_data_size`; use one of them.",
    ],
    [
      "a BOOL that is neither true nor false",
      [input("x", "BOOL", [2], 2)],
      Buffer.from([1, 2]),
      "Input `x` holds a byte that is neither 0 nor 1, which is not a BOOL value.",
    ],
    [
      "a text that ends within its length",
      [input("x", "BYTES", [1], 3)],
      Buffer.from([1, 0, 0]),
      "Input `x` ends within the length of an element.",
    ],
    [
      "a text longer than its tensor",
      [input("x", "BYTES", [1], 5)],
      Buffer.from([255, 255, 255, 255, 65]),
      "Input `x` ends within an element.",
    ],
    [
      "too few texts",
      [input("x", "BYTES", [2], 4)],
      Buffer.from([0, 0, 0, 0]),
      "Input `x` has 1 elements, but its shape needs 2.",
    ],
    [
      "a zero dimension",
      [input("x", "FP32", [0, 2], 0)],
      Buffer.alloc(0),
      "Input `x` has the shape [0, 2], but every dimension must be a whole number >= 1.",
    ],
    [
      "shared memory",
      [{ name: "x", datatype: "FP32", shape: [1], parameters: { shared_memory_region: "r" } }],
      Buffer.alloc(0),
      "Input `x` is in shared memory, which the server does not take; send it in the body.",
    ],
  ];
  for (const [what, inputs, tail, sentence] of refused) {
    it(`refuses ${what}`, async () => {
      const { status, json } = await send("one", { inputs }, tail);
      assert.deepEqual([status, json], [400, { error: sentence }]);
    });
  }

  for (const length of ["-1", "1e1", "x", "99999", "9999999999999999999"]) {
    it(`refuses ${length} bytes of JSON`, async () => {
      const { status, json } = await send("one", {}, Buffer.alloc(3), length);
      assert.equal(status, 400);
      assert.equal(
        json.error,
        `The header Inference-Header-Content-Length (${length}) must be a whole number from 0 to the body's 5 bytes.`,
      );
    });
  }

  it("refuses a classification rather than ignore it", async () => {
    const body = {
      inputs: [{ name: "x", datatype: "FP32", shape: [1, 2], data: [1, 2] }],
      outputs: [{ name: "x", parameters: { classification: 3 } }],
    };
    assert.equal(
      (await server.infer("one", body)).json.error,
      "Output `x` asks for `classification`, which the server does not do; take the whole output.",
    );
  });
});
