import assert from "node:assert/strict";
import { deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { ERRORS, ServerError } from "../../../runtime/errors";
import { parseInferRequest } from "../../../runtime/rest/parse-request";
import { LIMITS } from "./support/bodies";
import { binaryBody, jsonBody } from "./support/body-arbitraries";
import { RestServer } from "./support/rest-server";
import { assertSameRequest } from "./support/same-request";

const SECONDS = Number(process.env.SLIPWAY_FUZZ_SECONDS ?? 1.5);

/** What a mutation does to a body: `at` is a fraction of its length. */
const mutation = fc.record({
  kind: fc.constantFrom("replace", "insert", "remove", "repeat", "truncate"),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 12 }),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom(
        '"',
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "\\",
        "null",
        "-",
        "1e999",
        "1e-999",
        "9".repeat(400),
        "NaN",
      )
      .map((text) => Buffer.from(text)),
    fc
      .constantFrom('"__proto__":{"inputs":1},', '"constructor":1,', '"shape":[0],', '"shape":[-1],')
      .map(Buffer.from),
  ),
});

function mutated(
  body: Buffer,
  { kind, at, length, bytes }: typeof mutation extends fc.Arbitrary<infer T> ? T : never,
) {
  const from = Math.floor(at * body.length);
  const [head, middle, tail] = [
    body.subarray(0, from),
    body.subarray(from, from + length),
    body.subarray(from + length),
  ];
  switch (kind) {
    case "replace":
      return Buffer.concat([head, bytes, tail]);
    case "insert":
      return Buffer.concat([head, bytes, middle, tail]);
    case "remove":
      return Buffer.concat([head, tail]);
    case "repeat":
      return Buffer.concat([head, middle, middle, middle, tail]);
    default:
      return head;
  }
}

function assertAnswerable(bytes: Buffer, jsonLength: number): void {
  try {
    for (const { shape, data } of parseInferRequest({ bytes, jsonLength }, LIMITS).inputs) {
      assert.equal(
        data.length,
        shape.reduce((product, size) => product * size, 1),
      );
    }
  } catch (error) {
    assert.ok(error instanceof ServerError, `${String(error)} for ${bytes.toString("latin1")}`);
    assert.equal(ERRORS[error.code].http, 400);
    assert.ok(error.message.length <= 1001);
  }
  assertSameRequest(bytes, jsonLength);
}

describe("a mutated request body", () => {
  const bodies: [string, fc.Arbitrary<{ bytes: Buffer; jsonLength: number }>][] = [
    ["of JSON", jsonBody.map((json) => ({ bytes: Buffer.from(json), jsonLength: Buffer.byteLength(json) }))],
    ["with tensors as bytes", binaryBody],
  ];
  for (const [what, body] of bodies) {
    it(`${what} is taken or refused as the client's mistake`, () => {
      const before = process.memoryUsage().arrayBuffers;
      fc.assert(
        fc.property(
          body,
          fc.array(mutation, { minLength: 1, maxLength: 4 }),
          ({ bytes, jsonLength }, mutations) => {
            const grown = mutations.reduce(mutated, bytes);
            const length = jsonLength === bytes.length ? grown.length : Math.min(jsonLength, grown.length);
            assertAnswerable(grown, length);
          },
        ),
        { interruptAfterTimeLimit: SECONDS * 500, markInterruptAsFailure: false, numRuns: 10_000_000 },
      );
      assert.ok(process.memoryUsage().arrayBuffers - before < 256 * 1024 * 1024);
    });
  }

  it("gets an answer over HTTP, compressed or not, and leaves nothing behind", async () => {
    const spec = [{ name: "x", datatype: "FP32" as const, shape: [-1] }];
    const server = await RestServer.start({ m: { spec: { inputs: spec, outputs: spec } } });
    const endpoints = fc.constantFrom("models/m/infer", "models/m/generate");
    const encodings = fc.constantFrom(undefined, undefined, "gzip", "deflate");
    const broken = fc.boolean();
    let last: Promise<unknown> | undefined;
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(...bodies.map(([, body]) => body)),
          fc.array(mutation, { maxLength: 2 }),
          endpoints,
          encodings,
          broken,
          async ({ bytes, jsonLength }, mutations, endpoint, encoding, compressed) => {
            const plain = mutations.reduce(mutated, bytes);
            const pack = { gzip: gzipSync, deflate: deflateSync };
            const body = encoding && compressed ? pack[encoding](plain) : plain;
            const headers = {
              ...(jsonLength < bytes.length && { "inference-header-content-length": jsonLength }),
              ...(encoding && { "content-encoding": encoding }),
            };
            const reply = server.call("POST", `/v2/${endpoint}`, body, headers);
            last = reply;
            const { status, json } = await reply;
            assert.ok(status < 500, `${status} ${JSON.stringify(json)}`);
            if (status !== 200) assert.equal(typeof json.error, "string");
          },
        ),
        { interruptAfterTimeLimit: SECONDS * 500, markInterruptAsFailure: false, numRuns: 10_000_000 },
      );
      // The time limit may fall within a request.
      await last;
      assert.equal(server.budget.heldBytes, 0);
    } finally {
      await server.close();
    }
  });
});
