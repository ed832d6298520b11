import assert from "node:assert/strict";
import fc from "fast-check";
import { parseTimeout } from "../../../runtime/grpc/transport/grpc-timeout";
import { MessageReader } from "../../../runtime/grpc/transport/message-reader";
import { encodeMessage, statusTrailers } from "../../../runtime/grpc/transport/status-trailers";
import { ERRORS, ServerError, type ErrorCode } from "../../../runtime/errors";
import { frame } from "../support/grpc-wire";

describe("gRPC's framing", () => {
  describe("MessageReader", () => {
    it("gives the same messages however the bytes are cut", () => {
      const messages = fc.array(
        fc.record({ bytes: fc.uint8Array({ maxLength: 200 }), compressed: fc.boolean() }),
        { maxLength: 5 },
      );
      fc.assert(
        fc.property(messages, fc.array(fc.integer({ min: 1, max: 60 })), (sent, cuts) => {
          const bytes = Buffer.concat(sent.map((one) => frame(one.bytes, one.compressed)));
          const got: [string, boolean][] = [];
          const reader = new MessageReader(200, (message, compressed) =>
            got.push([message.toString("hex"), compressed]),
          );
          let at = 0;
          for (const size of [...cuts, bytes.length]) {
            reader.push(bytes.subarray(at, at + size));
            at += size;
          }
          assert.ok(reader.complete);
          assert.deepEqual(
            got,
            sent.map((one) => [Buffer.from(one.bytes).toString("hex"), one.compressed]),
          );
        }),
      );
    });

    it("holds memory for what has arrived, not for what was announced", () => {
      const limit = 2 ** 31;
      const reader = new MessageReader(limit, () => assert.fail("no message is complete"));
      const before = process.memoryUsage().arrayBuffers;
      reader.push(Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 1, 2, 3]));
      assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 20);
      assert.equal(reader.complete, false);
    });
  });

  describe("parseTimeout", () => {
    const cases: [string, number][] = [
      ["2H", 7_200_000],
      ["3M", 180_000],
      ["4S", 4000],
      ["5m", 5],
      ["6u", 0.006],
      ["7n", 0.000007],
      ["99999999H", 99999999 * 3_600_000],
      ["0n", 0],
    ];
    for (const [header, milliseconds] of cases) {
      it(`takes ${header} for ${milliseconds} ms`, () => {
        assert.ok(Math.abs(parseTimeout(header) - milliseconds) <= milliseconds * 1e-12);
      });
    }
    for (const header of ["", "S", "1", "1s", "-1S", "1.5S", "100000000S", " 1S"]) {
      it(`refuses ${JSON.stringify(header)}`, () => {
        assert.throws(() => parseTimeout(header), {
          message: `The \`grpc-timeout\` ${JSON.stringify(header)} is not up to eight digits and one of H, M, S, m, u, n.`,
        });
      });
    }
  });

  describe("statusTrailers", () => {
    it("gives each error its code, and those of overload a time to wait", () => {
      for (const code of Object.keys(ERRORS) as ErrorCode[]) {
        const trailers = statusTrailers(new ServerError(code, "Why."));
        assert.equal(trailers["grpc-status"], String(ERRORS[code].grpc));
        assert.equal(trailers["grpc-message"], "Why.");
        assert.equal(trailers["grpc-retry-pushback-ms"], ERRORS[code].http === 503 ? "1000" : undefined);
      }
    });

    it("encodes every text so that a header can carry it and a client read it", () => {
      fc.assert(
        fc.property(fc.string({ unit: "grapheme" }), (text) => {
          const encoded = encodeMessage(text);
          assert.match(encoded, /^[\x20-\x7e]*$/);
          assert.equal(decodeURIComponent(encoded), text);
        }),
      );
      assert.equal(encodeMessage("100 %\n✓"), "100 %25%0A%E2%9C%93");
    });
  });
});
