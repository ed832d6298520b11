import assert from "node:assert/strict";
import type { Datatype } from "../../../runtime/dataplane/datatypes";
import { ServerError } from "../../../runtime/errors";
import { RestServer, type FakeModel } from "./support/rest-server";

const specs = (...all: [string, Datatype, number[]][]) =>
  all.map(([name, datatype, shape]) => ({ name, datatype, shape }));

const chat: FakeModel = {
  spec: {
    inputs: specs(["text_input", "BYTES", [-1, 1]], ["temperature", "FP32", [1]], ["ids", "INT64", [-1, -1]]),
    outputs: specs(["text_output", "BYTES", [-1]], ["scores", "FP32", [-1, 2]]),
  },
  infer: ({ inputs }) => [
    { name: "text_output", datatype: "BYTES", shape: [1], data: [`« ${String(inputs[0]!.data[0])} »`] },
    { name: "scores", datatype: "FP32", shape: [1, 2], data: new Float32Array([0.5, 0.1]) },
  ],
};

describe("the generate endpoints", () => {
  let server: RestServer;
  before(async () => {
    const overloaded: FakeModel = {
      ...chat,
      infer: () => {
        throw new ServerError("QueueFull", "Too many wait.");
      },
    };
    server = await RestServer.start({ chat, overloaded });
  });
  after(() => server.close());

  const generate = (body: unknown, path = "chat/generate") =>
    server.call("POST", `/v2/models/${path}`, typeof body === "string" ? body : JSON.stringify(body));
  const body = { text_input: "hi", temperature: 0.25, ids: [1, 2, 3] };

  it("make tensors of fields and fields of tensors", async () => {
    const { status, headers, json } = await generate(body);
    assert.deepEqual([status, headers["content-type"]], [200, "application/json"]);
    assert.deepEqual(json, {
      model_name: "chat",
      model_version: "1",
      text_output: "« hi »",
      scores: [0.5, 0.1],
    });
    const { inputs, parameters } = server.requests.at(-1)!;
    assert.deepEqual(inputs, [
      { name: "text_input", datatype: "BYTES", shape: [1, 1], data: ["hi"] },
      { name: "temperature", datatype: "FP32", shape: [1], data: new Float32Array([0.25]) },
      { name: "ids", datatype: "INT64", shape: [1, 3], data: new BigInt64Array([1n, 2n, 3n]) },
    ]);
    assert.equal(parameters, undefined);
  });

  it("take nested arrays, inputs and parameters in `parameters`, other fields as parameters, and an id", async () => {
    const { json } = await generate({
      id: "7",
      text_input: ["hi"],
      stream: false,
      priority: 2,
      parameters: { temperature: 1, top_k: 5, ids: [[7, 2]] },
    });
    assert.equal(json.id, "7");
    const { inputs, parameters, priority } = server.requests.at(-1)!;
    assert.deepEqual(
      inputs.map(({ name, shape }) => [name, shape]),
      [
        ["text_input", [1, 1]],
        ["temperature", [1]],
        ["ids", [1, 2]],
      ],
    );
    assert.deepEqual(parameters, { top_k: 5, stream: false, priority: 2 });
    assert.equal(priority, 2);
  });

  it("keep every digit of integers", async () => {
    await generate('{"text_input":"a","temperature":10000000000000000,"ids":[9007199254740993]}');
    const { inputs } = server.requests.at(-1)!;
    assert.deepEqual(inputs[2]!.data, new BigInt64Array([9007199254740993n]));
    assert.deepEqual(inputs[1]!.data, new Float32Array([1e16]));
    await generate('{"text_input":"a","seed":9007199254740993,"parameters":{"run":9007199254740995}}');
    assert.deepEqual(server.requests.at(-1)!.parameters, {
      run: 9007199254740995n,
      seed: 9007199254740993n,
    });
  });

  it("answer as an event where a stream is asked for", async () => {
    const { status, headers, bytes } = await generate(body, "chat/versions/1/generate_stream");
    assert.deepEqual([status, headers["content-type"]], [200, "text/event-stream; charset=utf-8"]);
    assert.equal(
      bytes.toString(),
      'data: {"model_name":"chat","model_version":"1","text_output":"« hi »","scores":[0.5,0.1]}\n\n',
    );
  });

  it("answer an error as JSON, stream or not", async () => {
    for (const path of ["overloaded/generate", "overloaded/generate_stream"]) {
      const { status, headers, json } = await generate(body, path);
      assert.deepEqual([status, headers["retry-after"], json], [503, "1", { error: "Too many wait." }]);
    }
  });

  const refused: [string, unknown, string][] = [
    ["an array", [], "The request body must be a JSON object of the model's inputs by name."],
    ["no JSON", "{", "The request body is not valid JSON."],
    ["an id that is no text", { id: 1 }, "`id` must be a string."],
    ["parameters that are no object", { parameters: [] }, "`parameters` must be an object."],
    [
      "elements that do not fit",
      { ...body, temperature: [1, 2] },
      "Input `temperature` has the shape [1], to which 2 elements cannot be fitted.",
    ],
    [
      "no elements",
      { ...body, ids: [] },
      "Input `ids` has the shape [-1, -1], to which 0 elements cannot be fitted.",
    ],
    ["another type", { ...body, text_input: 5 }, "Input `text_input` holds 5, which is not a BYTES value."],
    [
      "ragged arrays",
      { ...body, ids: [[1], [2, 3]] },
      "Input `ids` has nested `data` that does not match its shape [2, 1].",
    ],
    [
      "an empty inner array",
      { ...body, ids: [[]] },
      "Input `ids` has the shape [1, 0], but every dimension must be a whole number >= 1.",
    ],
    [
      "a fraction that JSON.parse rounds to an integer",
      '{"text_input":"a","ids":[4503599627370497.3]}',
      "Input `ids` holds 4503599627370497.3, which is not a INT64 value.",
    ],
    [
      "a priority below zero",
      { ...body, priority: -1 },
      "The parameter `priority` (-1) must be a whole number >= 0.",
    ],
  ];
  for (const [what, value, sentence] of refused) {
    it(`refuse ${what}`, async () => {
      const { status, json } = await generate(value);
      assert.deepEqual([status, json], [400, { error: sentence }]);
    });
  }

  it("cannot reach prototypes", async () => {
    const { status } = await generate('{"text_input":"a","__proto__":{"polluted":1},"constructor":{"a":1}}');
    assert.equal(status, 200);
    assert.equal(({} as { polluted?: number }).polluted, undefined);
  });
});
