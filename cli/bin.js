#!/usr/bin/env node
"use strict";
const [major, minor] = process.versions.node.split(".").map(Number);
if (!((major === 20 && minor >= 19) || (major === 22 && minor >= 12))) {
  console.error(`Node ${process.versions.node} is not supported; use Node 20 (>= 20.19) or 22 (>= 22.12).`);
  process.exit(1);
}
try {
  require("tsx/cjs");
} catch {
  console.error("The project's packages are not installed; run `npm ci` first.");
  process.exit(1);
}
require("./main.ts").main(process.argv.slice(2));
