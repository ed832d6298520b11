import assert from "node:assert/strict";
import { deflateRawSync, deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { ByteBudget } from "../../../runtime/dataplane/byte-budget";
import { acceptedEncoding } from "../../../runtime/rest/compress";
import { inflate, requestEncoding } from "../../../runtime/rest/inflate";
import { MAX_BODY_BYTES, RestServer } from "./support/rest-server";

const MIB = 1024 * 1024;

describe("acceptedEncoding", () => {
  const cases: [string, "gzip" | "deflate" | undefined][] = [
    ["gzip", "gzip"],
    ["deflate", "deflate"],
    ["deflate, gzip", "gzip"],
    ["gzip;q=0.5, deflate;q=0.8", "deflate"],
    ["GZIP ; Q=1.0", "gzip"],
    ["x-gzip", "gzip"],
    ["br", undefined],
    ["", undefined],
    ["identity", undefined],
    ["gzip;q=0", undefined],
    ["gzip;q=0.2, identity", undefined],
    ["gzip;q=ill", undefined],
    ["*", "gzip"],
    ["*;q=0", undefined],
    ["gzip;q=0, *", undefined],
    ["br, *;q=0.1", "gzip"],
  ];
  for (const [header, expected] of cases) {
    it(`gives ${expected ?? "none"} for "${header}"`, () =>
      assert.equal(acceptedEncoding(header, 10_000), expected));
  }

  it("leaves an answer plain that fits one packet", () => {
    assert.equal(acceptedEncoding("gzip", 1399), undefined);
    assert.equal(acceptedEncoding("gzip", 1400), "gzip");
  });
});

describe("requestEncoding", () => {
  it("knows plain bodies, gzip and deflate", () => {
    const given = [undefined, "", "identity", "gzip", "X-GZIP", " deflate "];
    assert.deepEqual(given.map(requestEncoding), [
      undefined,
      undefined,
      undefined,
      "gzip",
      "gzip",
      "deflate",
    ]);
  });

  for (const header of ["br", "zstd", "gzip, gzip", "compress"]) {
    it(`refuses ${header}`, () => {
      assert.throws(() => requestEncoding(header), {
        code: "UnsupportedEncoding",
        message: `The body's Content-Encoding (${header}) is not taken; send it plain, gzip or deflate.`,
      });
    });
  }
});

describe("inflate", () => {
  const share = (limit = 10 * MIB) => {
    const budget = new ByteBudget(limit);
    return { budget, share: budget.open() };
  };
  const text = Buffer.from("tensor ".repeat(30_000));

  const forms: [string, "gzip" | "deflate", Buffer][] = [
    ["gzip", "gzip", gzipSync(text)],
    [
      "gzip in two members",
      "gzip",
      Buffer.concat([gzipSync(text.subarray(0, 9)), gzipSync(text.subarray(9))]),
    ],
    ["deflate", "deflate", deflateSync(text)],
    ["deflate without header", "deflate", deflateRawSync(text)],
  ];
  for (const [what, encoding, body] of forms) {
    it(`takes ${what}, and charges what it inflates to`, async () => {
      const { budget, share: own } = share();
      own.take(body.length);
      assert.ok((await inflate(body, encoding, MIB, own)).equals(text));
      assert.equal(budget.heldBytes, text.length);
    });
  }

  it("holds what it inflates once: pieces are not joined at the end", async () => {
    const large = Buffer.alloc(5 * MIB, "tensor ");
    const body = gzipSync(large);
    const { concat } = Buffer;
    Buffer.concat = () => assert.fail("the whole body was copied");
    try {
      const { share: own } = share();
      own.take(body.length);
      assert.ok((await inflate(body, "gzip", 6 * MIB, own)).equals(large));
    } finally {
      Buffer.concat = concat;
    }
  });

  it("stops at the limit, whatever there would be to come", async () => {
    const bomb = gzipSync(Buffer.alloc(256 * MIB));
    const before = process.memoryUsage().arrayBuffers;
    const { budget, share: own } = share();
    await assert.rejects(inflate(bomb, "gzip", MIB, own), {
      code: "PayloadTooLarge",
      message: "The body is larger than the 1048576 bytes that `--max-body-bytes` allows.",
    });
    assert.ok(budget.heldBytes <= MIB);
    assert.ok(process.memoryUsage().arrayBuffers - before < 16 * MIB);
  });

  it("stops where the budget ends", async () => {
    const { share: own } = share(100_000);
    await assert.rejects(inflate(gzipSync(text), "gzip", MIB, own), { code: "Overloaded" });
  });

  const broken: [string, Buffer][] = [
    ["other bytes", Buffer.from("{}")],
    ["nothing", Buffer.alloc(0)],
    ["a part", gzipSync(text).subarray(0, 50)],
    ["a changed part", Buffer.from(gzipSync(text).map((byte, i) => (i === 40 ? byte ^ 0xff : byte)))],
  ];
  for (const [what, body] of broken) {
    it(`refuses ${what} as gzip`, async () => {
      await assert.rejects(inflate(body, "gzip", MIB, share().share), {
        code: "InvalidArgument",
        message: "The body is not valid gzip data, as its Content-Encoding says.",
      });
    });
  }
});

describe("compression over REST", () => {
  let server: RestServer;
  const spec = [{ name: "x", datatype: "FP32" as const, shape: [-1] }];
  before(async () => (server = await RestServer.start({ m: { spec: { inputs: spec, outputs: spec } } })));
  after(() => server.close());

  const body = (count: number) =>
    JSON.stringify({
      inputs: [{ name: "x", datatype: "FP32", shape: [count], data: Array(count).fill(0.5) }],
    });
  const infer = (bytes: Buffer | string, headers: Record<string, string | number>) =>
    server.call("POST", "/v2/models/m/infer", bytes, headers);

  it("takes compressed bodies", async () => {
    const plain = await infer(body(3), {});
    for (const [encoding, bytes] of [
      ["gzip", gzipSync(body(3))],
      ["deflate", deflateSync(body(3))],
    ] as const) {
      const { status, bytes: answer } = await infer(bytes, { "content-encoding": encoding });
      assert.deepEqual([status, answer], [200, plain.bytes]);
    }
    assert.equal(server.budget.heldBytes, 0);
  });

  it("takes compressed tensors; the length of the JSON is that before compression", async () => {
    const json = JSON.stringify({
      inputs: [{ name: "x", datatype: "FP32", shape: [2], parameters: { binary_data_size: 8 } }],
    });
    const bytes = gzipSync(Buffer.concat([Buffer.from(json), Buffer.from(new Float32Array([1, 2]).buffer)]));
    const { json: answer } = await infer(bytes, {
      "content-encoding": "gzip",
      "inference-header-content-length": json.length,
    });
    assert.deepEqual(answer.outputs[0].data, [1, 2]);
  });

  it("compresses answers that are worth it, as asked for", async () => {
    const plain = await infer(body(1000), {});
    const gzip = await infer(body(1000), { "accept-encoding": "gzip" });
    assert.equal(gzip.headers["content-encoding"], "gzip");
    assert.equal(gzip.headers["content-length"], String(gzip.bytes.length));
    assert.ok(gunzipSync(gzip.bytes).equals(plain.bytes));
    const deflate = await infer(body(1000), { "accept-encoding": "deflate" });
    assert.ok(inflateSync(deflate.bytes).equals(plain.bytes));
    const small = await infer(body(1), { "accept-encoding": "gzip" });
    assert.equal(small.headers["content-encoding"], undefined);
  });

  it("refuses bombs, what is broken, and other encodings, and goes on", async () => {
    const bomb = await infer(gzipSync(Buffer.alloc(200 * MIB)), { "content-encoding": "gzip" });
    assert.equal(bomb.status, 413, bomb.bytes.toString());
    assert.ok(gzipSync(Buffer.alloc(MAX_BODY_BYTES)).length < 1000);
    assert.equal((await infer("{}", { "content-encoding": "gzip" })).status, 400);
    assert.equal((await infer("{}", { "content-encoding": "br" })).status, 415);
    assert.equal((await infer(body(1), {})).status, 200);
    assert.equal(server.budget.heldBytes, 0);
  });
});
