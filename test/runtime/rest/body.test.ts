import assert from "node:assert/strict";
import { Socket } from "node:net";
import fc from "fast-check";
import { ByteBudget } from "../../../runtime/dataplane/byte-budget";
import { BodyReader } from "../../../runtime/rest/body";
import { Incoming } from "../../../runtime/rest/incoming";

const LIMIT = 300_000;

/** Hands pieces to a reader as Node's parser does, `early` ones before anybody wants the body. */
function read(pieces: readonly Buffer[], { budget = new ByteBudget(LIMIT), early = 0, headers = {} } = {}) {
  const request = new Incoming(new Socket());
  request.headers = headers;
  const share = budget.open();
  const outcome = new Promise<Buffer>((resolve, reject) => {
    pieces.slice(0, early).forEach((piece) => assert.equal(request.push(piece), false));
    BodyReader.read(request, LIMIT, share, { bodyRead: resolve, bodyFailed: reject });
    pieces.slice(early).forEach((piece) => assert.equal(request.push(piece), true));
    request.push(null);
    assert.equal(request.bodyEnded, true);
  });
  return { outcome, share };
}

describe("BodyReader", () => {
  it("joins pieces of any size, whenever it begins", async () => {
    const piece = fc.uint8Array({ minLength: 1, maxLength: 50_000 }).map((bytes) => Buffer.from(bytes));
    const announced = fc.option(fc.nat(LIMIT), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 6 }),
        fc.nat(6),
        announced,
        async (pieces, early, length) => {
          const headers = length === undefined ? {} : { "content-length": String(length) };
          const expected = Buffer.concat(pieces);
          assert.ok((await read(pieces, { early, headers }).outcome).equals(expected));
        },
      ),
      { numRuns: 50 },
    );
  });

  it("takes a body that comes byte by byte, up to the limit", async () => {
    const bytes = Array.from({ length: 100_000 }, (_, i) => Buffer.of(i & 0xff));
    assert.ok((await read(bytes).outcome).equals(Buffer.concat(bytes)));
    assert.equal((await read([Buffer.alloc(1), Buffer.alloc(LIMIT - 1)]).outcome).length, LIMIT);
  });

  it("refuses a byte more, what was announced to be more, and what the budget lacks", async () => {
    const tooLarge = {
      code: "PayloadTooLarge",
      message: "The body is larger than the 300000 bytes that `--max-body-bytes` allows.",
    };
    await assert.rejects(read([Buffer.alloc(1), Buffer.alloc(LIMIT)]).outcome, tooLarge);
    const headers = { "content-length": String(LIMIT + 1) };
    await assert.rejects(
      new Promise((resolve, reject) => {
        const request = new Incoming(new Socket());
        request.headers = headers;
        BodyReader.read(request, LIMIT, new ByteBudget(LIMIT).open(), {
          bodyRead: resolve,
          bodyFailed: reject,
        });
      }),
      tooLarge,
    );
    await assert.rejects(read([Buffer.alloc(1), Buffer.alloc(10)], { budget: new ByteBudget(5) }).outcome, {
      code: "Overloaded",
    });
  });

  it("hands on memory that is nobody else's, and frees what was joined", async () => {
    const others = Buffer.alloc(100_000, 1);
    const copied = await read([others.subarray(50_000)]).outcome;
    assert.notEqual(copied.buffer, others.buffer);
    assert.ok(copied.equals(others.subarray(50_000)));
    const pieces = [Buffer.alloc(20_000, 2), Buffer.alloc(30_000, 3), others.subarray(40_000), Buffer.of(4)];
    const expected = Buffer.concat(pieces);
    assert.ok((await read(pieces).outcome).equals(expected));
    assert.deepEqual(
      pieces.map(({ length }) => length),
      [0, 0, 60_000, 1],
    );
  });

  it("charges what has arrived", async () => {
    const budget = new ByteBudget(LIMIT);
    const { outcome, share } = read([Buffer.alloc(3), Buffer.alloc(4)], { budget });
    await outcome;
    assert.equal(budget.heldBytes, 7);
    share.release();
    assert.equal(budget.heldBytes, 0);
  });
});
