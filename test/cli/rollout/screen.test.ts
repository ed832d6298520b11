import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { stripVTControlCharacters } from "node:util";
import { Screen } from "../../../cli/rollout/screen";
import type { ServiceStatus } from "../../../cli/rollout/status-report";
import { statusText } from "../../../cli/rollout/status-text";
import { wrapped } from "../../../cli/rollout/wrapped";

/** A terminal that understands what a Screen writes, and nothing else. */
class FakeTerminal extends EventEmitter {
  lines: string[] = [];
  written: string[] = [];
  isOther = false;
  isCursorShown = true;

  constructor(
    public columns: number,
    public rows: number,
  ) {
    super();
  }

  write(text: string): void {
    this.written.push(text);
    // eslint-disable-next-line no-control-regex
    for (const [, code] of text.matchAll(/\u001b\[\?(\w+)/g)) {
      if (code === "1049h" || code === "1049l") this.isOther = code === "1049h";
      if (code === "25h" || code === "25l") this.isCursorShown = code === "25h";
    }
    if (!text.includes("\u001b[H")) return;
    const lines = stripVTControlCharacters(text).split("\r\n");
    for (const line of lines) assert.ok(Array.from(line).length <= this.columns, `${line} is too wide`);
    assert.ok(lines.length <= this.rows, `${lines.length} lines on ${this.rows}`);
    this.lines = lines;
  }
}

describe("Screen", () => {
  it("draws in place, again when the terminal changes its size, and gives it back as it was", () => {
    const terminal = new FakeTerminal(40, 5);
    const screen = new Screen(terminal);
    assert.deepEqual([terminal.isOther, terminal.isCursorShown], [true, false]);
    screen.show((width) => [`${width} wide`, "foot"]);
    assert.deepEqual(terminal.lines, ["40 wide", "foot"]);
    terminal.columns = 30;
    terminal.emit("resize");
    assert.deepEqual(terminal.lines, ["30 wide", "foot"]);
    // What clears the whole screen first is seen as a flicker.
    assert.ok(!terminal.written.some((text) => text.includes("\u001b[2J")));
    screen.end();
    assert.deepEqual([terminal.isOther, terminal.isCursorShown], [false, true]);
    assert.equal(terminal.listenerCount("resize"), 0);
  });

  it("says what a low terminal has no room for, and keeps the last line", () => {
    const terminal = new FakeTerminal(60, 4);
    const screen = new Screen(terminal);
    screen.show(() => ["1", "2", "3", "4", "5", "foot"]);
    assert.deepEqual(terminal.lines, ["1", "2", "… 3 more lines: the terminal is too low", "foot"]);
    screen.end();
  });
});

describe("wrapped", () => {
  for (const [line, width, indent, expected] of [
    ["  as it is", 20, 4, ["  as it is"]],
    ["  gate errors: passed, at most 1 %", 24, 4, ["  gate errors: passed,", "    at most 1 %"]],
    [`  a ${"x".repeat(30)} b`, 24, 4, ["  a", `    ${"x".repeat(20)}`, `    ${"x".repeat(10)} b`]],
    ["x".repeat(30), 24, 0, ["x".repeat(24), "x".repeat(6)]],
    ["", 24, 4, [""]],
  ] as const) {
    it(`breaks ${JSON.stringify(line)} for ${width} columns`, () =>
      assert.deepEqual(wrapped(line, width, indent), expected));
  }

  it("does not count colours", () =>
    assert.deepEqual(wrapped("\u001b[32mabc\u001b[39m def", 7, 0), ["\u001b[32mabc\u001b[39m def"]));
});

describe("statusText for a terminal", () => {
  const slot = {
    digest: `sha256:${"b".repeat(64)}`,
    weight: 50,
    ready: true,
    models: [],
    detail: "2 of 2 pods are ready",
  };
  const status: ServiceStatus = {
    name: "text",
    namespace: "models",
    strategy: "canary",
    driver: "pulumi",
    live: "blue",
    slots: { blue: slot, green: slot },
    mirror: 0,
    standby: "warm",
    inProgress: null,
    drift: [`HTTPRoute text sends ${"60 % to blue, 40 % to green; ".repeat(3)}`],
    recordHead: "",
    flagger: null,
  };
  const metrics = { requestsPerSecond: 500, errorPercent: 0.1, p50: 0.004, p99: 0.03 };
  const lines = (width: number) =>
    stripVTControlCharacters(statusText(status, { blue: metrics, green: metrics }, width)).split("\n");

  it("is never wider than the terminal, and has numbers beside the bar where they have room", () => {
    for (let width = 40; width <= 160; width += 7)
      for (const line of lines(width)) assert.ok(Array.from(line).length <= width, `${width}: ${line}`);
    const numbers = "500.0 req/s, 0.10 % errors, p50 4.0 ms, p99 30.0 ms";
    assert.deepEqual(lines(80).slice(1, 4), [
      "  blue  ██████████··········  50 %  live",
      `        ${numbers}`,
      "        sha256:bbbbbbbbbbbb; 2 of 2 pods are ready",
    ]);
    const none = { requestsPerSecond: null, errorPercent: null, p50: null, p99: null };
    assert.match(statusText(status, { blue: none }, 120), /Prometheus has no numbers of the last minute/);
    assert.equal(lines(120)[1], `  blue  ██████████··········  50 %  live        ${numbers}`);
  });
});
