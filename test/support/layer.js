"use strict";
/**
 * Runs test files with mocha, one after the other as the parent process names them, and answers each with its counts, its
 * failures and, unless output is live, what the reporter said. Arguments: LAYER LIVE [GREP]
 */
const { join } = require("node:path");
const { performance } = require("node:perf_hooks");
const { format } = require("node:util");
const fastCheck = require("fast-check");
const Mocha = require("mocha");
const { TIMEOUT_MS, root } = require("./layers");

/** Something that keeps the process alive after the last test is a leak: say so, but do not hang. */
const LINGER_MS = 5_000;

/**
 * Examples of properties are the same in every run, or a build would fail for a fault that its change has nothing to do with. Another
 * number looks at others: SLIPWAY_TEST_SEED=7 npm test -- unit
 */
const SEED = 20261122;
fastCheck.configureGlobal({ seed: Number(process.env.SLIPWAY_TEST_SEED ?? SEED) });

const [layer, live, grep] = process.argv.slice(2);
const { Base, Spec } = Mocha.reporters;
const print = Base.consoleLog;
let said = [];
const keep = (...parts) => said.push(format(...parts));

/** Prints, but not the empty lines around a file of whose tests none has the name that is wanted. */
function printLater() {
  let began = false;
  return (...parts) => {
    if (parts.length > 0 && !began) {
      began = true;
      print();
    }
    if (began) print(...parts);
  };
}

/** Counts and failures of all files are told together, at the end of the layer. */
class FileReporter extends Spec {
  epilogue() {}
}

/** A failure as mocha's summary shows it, without its number. */
function describeFailure(test) {
  const saved = [Base.consoleLog, said];
  Base.consoleLog = keep;
  said = [];
  Base.list([test]);
  const text = said.join("\n").replace(/^\s*1\) /, "");
  [Base.consoleLog, said] = saved;
  return text.trimEnd();
}

function run(file) {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    said = [];
    Base.consoleLog = live === "live" ? printLater() : keep;
    const failures = [];
    const done = (passed) => {
      mocha.dispose();
      const output = said.join("\n").trim();
      resolve({ file, passed, failures, output, ms: Math.round(performance.now() - startedAt) });
    };
    const mocha = new Mocha({
      timeout: TIMEOUT_MS[layer],
      slow: TIMEOUT_MS[layer] / 4,
      forbidOnly: true,
      reporter: FileReporter,
    });
    if (grep) mocha.grep(grep);
    mocha.addFile(join(root, file));
    try {
      mocha.loadFiles();
    } catch (error) {
      failures.push(error instanceof Error ? error.stack : String(error));
      return done(0);
    }
    mocha.lazyLoadFiles(true); // they are loaded
    const runner = mocha.run(() => done(runner.stats.passes));
    runner.on("fail", (test) => failures.push(describeFailure(test)));
  });
}

process.on("message", async ({ file }) => {
  if (file !== undefined) return process.send(await run(file));
  process.disconnect();
  setTimeout(() => {
    const what = process.getActiveResourcesInfo().filter((name) => name !== "TTYWrap" && name !== "PipeWrap");
    console.error(`the ${layer} layer left something running after its last test: ${what.join(", ")}`);
    process.exit();
  }, LINGER_MS).unref();
});
process.send({ ready: true });
