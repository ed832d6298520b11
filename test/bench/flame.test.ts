import assert from "node:assert/strict";
import { frames, joined, seen, type CpuProfile } from "../../bench/flame/cpu-profile";
import { drawFlameGraph } from "../../bench/flame/draw";

const call = (id: number, functionName: string, url: string, children: number[] = []) => ({
  id,
  callFrame: { functionName, url },
  children,
});

/** root → handle → (parse, run), and the event loop that waits; a sample every 100 µs from 1000 on. */
const profile: CpuProfile = {
  nodes: [
    call(1, "(root)", "", [2, 5, 6]),
    call(2, "handle", "node:http", [3, 4]),
    call(3, "parse", "file:///app/server.js"),
    call(4, "toString", "/app/node_modules/onnxruntime-node/dist/backend.js"),
    call(5, "(idle)", ""),
    call(6, "(garbage collector)", ""),
  ],
  startTime: 1000,
  samples: [5, 2, 3, 3, 4, 5, 6, 2],
  timeDeltas: [100, 100, 100, 100, 100, 100, 100, 100],
};

describe("the flame graph", () => {
  it("knows when a function was seen first and last, below its callers too", () => {
    assert.deepEqual(seen(profile, "parse"), { from: 1300, to: 1400 });
    assert.deepEqual(seen(profile, "handle"), { from: 1200, to: 1800 });
    assert.equal(seen(profile, "nothing"), undefined);
  });

  it("adds up what ran in a time by its callers, and not what waited", () => {
    const root = frames("main", profile, { from: 1200, to: 1700 });
    assert.equal(root.time, 500);
    const [handle, collector] = [...root.children.values()];
    assert.deepEqual([handle!.name, handle!.origin, handle!.time], ["handle", "node", 400]);
    assert.deepEqual(
      [...handle!.children.values()].map(({ name, origin, time }) => [name, origin, time]),
      [
        ["parse", "server", 200],
        ["toString", "onnxruntime", 100],
      ],
    );
    assert.deepEqual(
      [collector!.name, collector!.origin, collector!.time],
      ["garbage collection", "native", 100],
    );
  });

  it("draws shares of the whole, and nothing too narrow to be seen", () => {
    const root = joined("one request", frames("main", profile, { from: 0, to: 9999 }), {
      name: "a <worker>",
      share: 0.25,
    });
    root.children.get("main")!.children.set("dust", {
      name: "dust",
      origin: "server",
      time: root.time / 5000,
      children: new Map(),
    });
    const svg = drawFlameGraph("A & B", root);
    assert.match(svg, /^<svg [^>]*viewBox="0 0 1200 \d+"/);
    assert.match(svg, /A &amp; B/);
    assert.match(svg, /<title>one request: 100.0 %<\/title>/);
    assert.match(svg, /<title>a &lt;worker>: 25.0 %<\/title><rect x="895.0" y="65" width="295.0"/);
    assert.match(svg, /<title>parse: 25.0 %<\/title>/);
    assert.doesNotMatch(svg, /dust|<script/);
  });
});
