"use strict";
/**
 * Runs the test layers in order: unit, engine, end to end. Usage: node test/run.js [unit|engine|e2e ...] [--grep TEXT]
 * Each layer runs in a process of its own; the last line is "N passed, N failed".
 */
const { fork } = require("node:child_process");
const { join } = require("node:path");

const LAYERS = ["unit", "engine", "e2e"];

function parse(argv) {
  const at = argv.indexOf("--grep");
  const grep = at >= 0 ? argv[at + 1] : undefined;
  const names = at >= 0 ? [...argv.slice(0, at), ...argv.slice(at + 2)] : argv;
  const unknown = names.find((name) => !LAYERS.includes(name));
  if (unknown !== undefined || (at >= 0 && !grep)) {
    console.error(`layer \`${unknown ?? ""}\` must be one of: ${LAYERS.join(", ")}`);
    process.exit(64);
  }
  return { layers: names.length > 0 ? names : LAYERS, grep };
}

function runLayer(layer, grep) {
  return new Promise((resolve) => {
    let stats;
    const child = fork(join(__dirname, "support", "layer.js"), [layer, ...(grep ? [grep] : [])], {
      execArgv: ["-r", "tsx/cjs"],
      cwd: join(__dirname, ".."),
    });
    child.on("message", (message) => (stats = message));
    child.on("exit", (code, signal) => {
      if (stats) return resolve(stats);
      console.error(`the ${layer} layer ended with ${signal ?? code} before its tests did`);
      resolve({ passed: 0, failed: 1, seconds: 0 });
    });
  });
}

async function main() {
  const { layers, grep } = parse(process.argv.slice(2));
  const total = { passed: 0, failed: 0 };
  for (const layer of layers) {
    console.log(`\n=== ${layer} ===`);
    const { passed, failed, seconds } = await runLayer(layer, grep);
    console.log(`${layer}: ${passed} passed, ${failed} failed, ${seconds} s`);
    total.passed += passed;
    total.failed += failed;
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

main();
