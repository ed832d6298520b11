import assert from "node:assert/strict";
import pino from "pino";
import { createAccessLog } from "../../../runtime/access-log";
import { loggedError } from "../../../runtime/log";

describe("loggedError", () => {
  it("keeps words, code, frames and causes, and none of what libraries hang on an error", () => {
    const cause = new TypeError("below");
    const error = Object.assign(new Error("above", { cause }), { code: "E_ABOVE", body: "a payload" });
    const logged = loggedError(error) as Record<string, unknown> & { cause: Record<string, unknown> };
    assert.deepEqual(
      [logged.type, logged.message, logged.code, logged.cause.type, logged.cause.message],
      ["Error", "above", "E_ABOVE", "TypeError", "below"],
    );
    assert.match(logged.stack as string, /^at .*log\.test\.ts/);
    assert.ok(!JSON.stringify(logged).includes("a payload"));
  });

  it("bounds long messages and circles of causes", () => {
    const error = new Error("x".repeat(2000));
    error.cause = error;
    const logged = loggedError(error) as { message: string };
    assert.equal(logged.message.length, 500);
    assert.equal(JSON.stringify(logged).split('"message"').length - 1, 4);
  });

  it("takes what is thrown besides errors", () => assert.equal(loggedError("why"), "why"));
});

describe("createAccessLog", () => {
  it("gives nothing unless asked for", () =>
    assert.equal(createAccessLog(false, pino({ level: "silent" })), undefined));

  it("writes who asked for what, with what outcome, without the query", () => {
    const lines: Record<string, unknown>[] = [];
    const log = pino({ base: undefined }, { write: (line: string) => void lines.push(JSON.parse(line)) });
    createAccessLog(true, log)!({
      transport: "rest",
      method: "GET",
      path: `/${"p".repeat(300)}?key=secret`,
      status: 404,
      ids: { requestId: "r-1", trace_id: "a", span_id: "b" },
      started: performance.now() - 5,
      subject: "team-a",
    });
    const [{ time, ms, ...line }] = lines as [Record<string, unknown>];
    assert.ok(time);
    assert.ok((ms as number) >= 5);
    assert.deepEqual(line, {
      level: 30,
      transport: "rest",
      method: "GET",
      path: `/${"p".repeat(255)}`,
      status: 404,
      requestId: "r-1",
      trace_id: "a",
      span_id: "b",
      subject: "team-a",
      msg: "access",
    });
  });
});
