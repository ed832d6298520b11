"use strict";
/** Shares a layer's files out among processes, prints what they say in the files' order, and sums up. */
const { fork } = require("node:child_process");
const { join } = require("node:path");
const { longestFirst, recordTimes } = require("./file-times");
const { stagesOf } = require("./layers");

const projectFolder = join(__dirname, "../..");
/** What the first file says may be the last to come: until then this tells that something goes on, and whether it goes well. */
const PROGRESS_MS = 60_000;
/** Files whose time is told after a layer. */
const SLOWEST_SHOWN = 10;
const options = { execArgv: ["-r", "tsx/cjs"], cwd: projectFolder };

/** Prints the output of each file once that of all files before it is out. */
class InOrder {
  constructor(files) {
    this.files = [...files];
    this.finished = new Map();
  }

  add(file, output) {
    this.finished.set(file, output);
    while (this.files.length > 0 && this.finished.has(this.files[0])) {
      const text = this.finished.get(this.files.shift());
      if (text) console.log(`\n  ${text}`);
    }
  }
}

/** One process that takes files until none are left. Resolves when it has ended. */
function work(layer, { live, grep, queue, report }) {
  return new Promise((resolve) => {
    const args = [layer, live ? "live" : "quiet", ...(grep ? [grep] : [])];
    const child = fork(join(__dirname, "layer.js"), args, options);
    let current;
    child.on("message", (message) => {
      if (!message.ready) report(message);
      current = queue.shift();
      child.send({ file: current });
    });
    child.on("exit", (code, signal) => {
      if (current === undefined) return resolve();
      const failure = `the process ended with ${signal ?? code} before the file's tests did`;
      report({ file: current, passed: 0, failures: [failure], output: "", ms: 0 });
      // The files that are left are not to blame.
      resolve(queue.length > 0 ? work(layer, { live, grep, queue, report }) : undefined);
    });
  });
}

/** Builds what the engine's tests need: two files that want it at once would each have half the time for it. */
function prepare(layer) {
  if (layer !== "engine") return Promise.resolve();
  return new Promise((resolve) => {
    const child = fork(join(__dirname, "prepare-engine.ts"), [], options);
    child.once("exit", resolve);
  });
}

async function runLayer(layer, grep) {
  const startedAt = Date.now();
  await prepare(layer);
  const stages = stagesOf(layer);
  const total = stages.reduce((sum, { files }) => sum + files.length, 0);
  const failures = [];
  const times = {};
  let passed = 0;
  let live = false;
  const progress = setInterval(() => {
    const done = Object.keys(times).length;
    if (!live) console.error(`${layer}: ${done} of ${total} files, ${failures.length} failed`);
  }, PROGRESS_MS);
  for (const stage of stages) {
    const { files } = stage;
    const processes = Math.min(stage.processes, files.length);
    live = processes === 1;
    const queue = live ? [...files] : longestFirst(files);
    const inOrder = new InOrder(files);
    const report = ({ file, passed: count, failures: failed, output, ms }) => {
      passed += count;
      failures.push(...failed.map((text) => `${file}: ${text}`));
      times[file] = ms;
      inOrder.add(file, output);
    };
    const args = { live, grep, queue, report };
    await Promise.all(Array.from({ length: processes }, () => work(layer, args)));
  }
  clearInterval(progress);
  if (grep === undefined) recordTimes(times);
  listFailures(failures);
  return { passed, failures, seconds: Math.round((Date.now() - startedAt) / 1000), slowest: slowest(times) };
}

/** Where a layer's time goes: what a shorter run would begin with. */
function slowest(times) {
  const longest = Object.entries(times).sort(([, a], [, b]) => b - a);
  return longest.slice(0, SLOWEST_SHOWN).map(([file, ms]) => `${file} ${Math.round(ms / 1000)} s`);
}

function listFailures(failures) {
  failures.forEach((text, index) => console.log(`\n  ${index + 1}) ${text}`));
}

module.exports = { listFailures, runLayer };
