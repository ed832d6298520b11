"use strict";
/** What a layer consists of: which files, in which order, how long a test may take, in how many processes. */
const { readdirSync } = require("node:fs");
const { availableParallelism } = require("node:os");
const { join } = require("node:path");

const SUFFIX = { unit: ".test.ts", engine: ".engine.ts", e2e: ".e2e.ts" };
const TIMEOUT_MS = { unit: 20_000, engine: 180_000, e2e: 600_000 };
/** What needs no cluster runs while there is none; then `up` comes first, `down` last, and all else in between. */
const WITHOUT_CLUSTER = "clients/";
const FIRST = "e2e/up.e2e.ts";
const LAST = "e2e/down.e2e.ts";
/** More processes would load the same modules once more each for little. */
const MOST_PROCESSES = 8;

const root = join(__dirname, "..");

function rank(file) {
  if (file.startsWith(WITHOUT_CLUSTER)) return 0;
  if (file.endsWith(FIRST)) return 1;
  return file.endsWith(LAST) ? 3 : 2;
}

/** The layer's files, relative to the test folder, in the order in which they are printed. */
function filesOf(layer) {
  return readdirSync(root, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(SUFFIX[layer]))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** The end-to-end files share one cluster; those of the other layers know nothing of each other. */
function processesFor(layer) {
  return layer === "e2e" ? 1 : Math.min(MOST_PROCESSES, availableParallelism());
}

module.exports = { LAYERS: Object.keys(SUFFIX), TIMEOUT_MS, filesOf, processesFor, root };
