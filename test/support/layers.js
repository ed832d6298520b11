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
/**
 * What stays in namespaces of its own, or only looks, and is not about how fast anything answers: most of its time it waits, in which
 * another file of these gets on. Whatever changes the local stack, measures it or brings nodes has the cluster to itself.
 */
const BESIDE_OTHERS = [
  "dashboards/stage",
  "e2e/authentication",
  "e2e/own-issuer",
  "e2e/profiles",
  "toolchain/",
];
/** So many of them at a time. */
const BESIDE = 2;
/** More processes would load the same modules once more each for little. */
const MOST_PROCESSES = 8;

const root = join(__dirname, "..");

function rank(file) {
  if (file.startsWith(WITHOUT_CLUSTER)) return 0;
  if (file.endsWith(FIRST)) return 1;
  if (file.endsWith(LAST)) return 4;
  return BESIDE_OTHERS.some((begin) => file.startsWith(begin)) ? 2 : 3;
}

/** The layer's files, relative to the test folder, in the order in which they are printed. */
function filesOf(layer) {
  return readdirSync(root, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(SUFFIX[layer]))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/**
 * Files that run one stage after the other, and in how many processes each does. The end-to-end files share one cluster; those of the
 * other layers know nothing of each other.
 */
function stagesOf(layer) {
  const files = filesOf(layer);
  if (layer !== "e2e") return [{ files, processes: Math.min(MOST_PROCESSES, availableParallelism()) }];
  const ranked = (wanted) => files.filter((file) => rank(file) === wanted);
  return [0, 1, 2, 3, 4]
    .map((wanted) => ({ files: ranked(wanted), processes: wanted === 2 ? BESIDE : 1 }))
    .filter((stage) => stage.files.length > 0);
}

module.exports = { LAYERS: Object.keys(SUFFIX), TIMEOUT_MS, root, stagesOf };
