"use strict";
/** How long each test file took when it last ran, so that the long ones start first. Losing the record costs only balance. */
const { mkdirSync, readFileSync, statSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { root } = require("./layers");

const RECORD = join(root, "../node_modules/.cache/slipway/test-times.json");
/** A file that never ran is taken for as long as its text: 20 ms a kilobyte is the unit layer's average. */
const MS_PER_BYTE = 0.02;

function read() {
  try {
    return JSON.parse(readFileSync(RECORD, "utf8"));
  } catch {
    return {};
  }
}

/** The files, longest first. */
function longestFirst(files) {
  const times = read();
  const weight = (file) => times[file] ?? statSync(join(root, file)).size * MS_PER_BYTE;
  const weights = new Map(files.map((file) => [file, weight(file)]));
  return [...files].sort((a, b) => weights.get(b) - weights.get(a));
}

/** @param times milliseconds by file */
function recordTimes(times) {
  try {
    mkdirSync(dirname(RECORD), { recursive: true });
    writeFileSync(RECORD, JSON.stringify({ ...read(), ...times }));
  } catch {
    // A checkout that cannot be written to has its tests in the order of their sizes.
  }
}

module.exports = { longestFirst, recordTimes };
