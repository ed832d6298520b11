import assert from "node:assert/strict";
import { loggedTrace, logIds } from "../../../runtime/tracing/log-ids";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const CALLER = "b7ad6b7169203331";
const caller = { trace_id: TRACE, span_id: CALLER };

describe("loggedTrace", () => {
  it("names the request's own span before its caller's", () =>
    assert.deepEqual(loggedTrace({ traceId: "t", spanId: "s" }, `00-${TRACE}-${CALLER}-01`), {
      trace_id: "t",
      span_id: "s",
    }));

  const read: [string, unknown, object | undefined][] = [
    ["a sampled caller", `00-${TRACE}-${CALLER}-01`, caller],
    ["a caller that does not sample", `00-${TRACE}-${CALLER}-00`, caller],
    ["a later version with more fields", `cc-${TRACE}-${CALLER}-01-what`, caller],
    ["version 00 with more fields", `00-${TRACE}-${CALLER}-01-what`, undefined],
    ["version ff", `ff-${TRACE}-${CALLER}-01`, undefined],
    ["a trace of zeros", `00-${"0".repeat(32)}-${CALLER}-01`, undefined],
    ["a span of zeros", `00-${TRACE}-${"0".repeat(16)}-01`, undefined],
    ["capitals", `00-${TRACE.toUpperCase()}-${CALLER}-01`, undefined],
    ["two headers that were joined", `00-${TRACE}-${CALLER}-01, 00-${TRACE}-${CALLER}-01`, undefined],
    ["a line break", `00-${TRACE}-${CALLER}-01\n`, undefined],
    ["an empty header", "", undefined],
    ["no header", undefined, undefined],
  ];
  for (const [what, header, expected] of read) {
    it(`reads ${what}`, () => assert.deepEqual(loggedTrace(undefined, header), expected));
  }
});

describe("logIds", () => {
  it("has the request's id alone where there is no trace", () =>
    assert.deepEqual(logIds("r-1", undefined, undefined), { requestId: "r-1" }));
});
