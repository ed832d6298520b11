"use strict";
/** Runs one layer's test files with mocha and sends the counts to the parent process. */
const { readdirSync } = require("node:fs");
const { join } = require("node:path");
const Mocha = require("mocha");

const SUFFIX = { unit: ".test.ts", engine: ".engine.ts", e2e: ".e2e.ts" };
const TIMEOUT_MS = { unit: 20_000, engine: 180_000, e2e: 600_000 };
/** The end-to-end layer starts with `up` and ends with `down`; everything else runs in between. */
const FIRST = "e2e/up.e2e.ts";
const LAST = "e2e/down.e2e.ts";
/** Something that keeps the process alive after the last test is a leak: say so, but do not hang. */
const LINGER_MS = 5_000;

const [layer, grep] = process.argv.slice(2);
const root = join(__dirname, "..");

const rank = (file) => (file.endsWith(FIRST) ? 0 : file.endsWith(LAST) ? 2 : 1);
const files = readdirSync(root, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith(SUFFIX[layer]))
  .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));

const mocha = new Mocha({
  timeout: TIMEOUT_MS[layer],
  slow: TIMEOUT_MS[layer] / 4,
  forbidOnly: true,
  reporter: "spec",
});
if (grep) mocha.grep(grep);
for (const file of files) mocha.addFile(join(root, file));

const startedAt = Date.now();
const runner = mocha.run((failures) => {
  const stats = {
    passed: runner.stats.passes,
    failed: failures,
    seconds: Math.round((Date.now() - startedAt) / 1000),
  };
  process.send(stats, () => {
    process.disconnect();
    setTimeout(() => {
      console.error(`the ${layer} layer left something running after its last test`);
      process.exit();
    }, LINGER_MS).unref();
  });
});
