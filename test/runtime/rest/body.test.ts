import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import fc from "fast-check";
import { ByteBudget } from "../../../runtime/dataplane/byte-budget";
import { readBody } from "../../../runtime/rest/body";

const LIMIT = 300_000;

function read(pieces: readonly Buffer[], budget = new ByteBudget(LIMIT)): Promise<Buffer> {
  const stream = new PassThrough({ highWaterMark: LIMIT * 2 });
  const request = Object.assign(stream, { headers: {}, complete: true }) as unknown as IncomingMessage;
  const body = readBody(request, LIMIT, budget.open());
  for (const piece of pieces) stream.write(piece);
  stream.end();
  return body;
}

describe("readBody", () => {
  it("joins pieces of any size", async () => {
    const piece = fc.uint8Array({ minLength: 1, maxLength: 50_000 }).map((bytes) => Buffer.from(bytes));
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (pieces) => {
        assert.ok((await read(pieces)).equals(Buffer.concat(pieces)));
      }),
      { numRuns: 50 },
    );
  });

  it("takes a body that comes byte by byte, up to the limit", async () => {
    const bytes = Array.from({ length: 100_000 }, (_, i) => Buffer.of(i & 0xff));
    assert.ok((await read(bytes)).equals(Buffer.concat(bytes)));
    assert.equal((await read([Buffer.alloc(1), Buffer.alloc(LIMIT - 1)])).length, LIMIT);
  });

  it("refuses a byte more, and what the budget lacks", async () => {
    await assert.rejects(read([Buffer.alloc(1), Buffer.alloc(LIMIT)]), { code: "PayloadTooLarge" });
    await assert.rejects(read([Buffer.alloc(1), Buffer.alloc(10)], new ByteBudget(5)), {
      code: "Overloaded",
    });
  });
});
