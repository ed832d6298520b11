"use strict";
/**
 * Runs the test layers in order: unit, engine, end to end. Usage: node test/run.js [unit|engine|e2e ...] [--grep TEXT]
 * Files of the first two are shared out among as many processes as there are CPUs, some of the last between two; the last line is
 * "N passed, N failed".
 */
const { LAYERS } = require("./support/layers");
const { listFailures, runLayer } = require("./support/run-layer");

function parse(argv) {
  const at = argv.indexOf("--grep");
  const grep = at >= 0 ? argv[at + 1] : undefined;
  const names = at >= 0 ? [...argv.slice(0, at), ...argv.slice(at + 2)] : argv;
  const unknown = names.find((name) => !LAYERS.includes(name));
  if (unknown !== undefined) {
    console.error(`layer \`${unknown}\` must be one of: ${LAYERS.join(", ")}`);
    process.exit(64);
  }
  if (at >= 0 && !grep) {
    console.error("`--grep` needs a text that is part of the names of the wanted tests");
    process.exit(64);
  }
  return { layers: names.length > 0 ? names : LAYERS, grep };
}

async function main() {
  const { layers, grep } = parse(process.argv.slice(2));
  let passed = 0;
  const failures = [];
  for (const layer of layers) {
    console.log(`\n=== ${layer} ===`);
    const result = await runLayer(layer, grep);
    console.log(`${layer}: ${result.passed} passed, ${result.failures.length} failed, ${result.seconds} s`);
    console.log(`${layer}, longest: ${result.slowest.join(", ")}`);
    passed += result.passed;
    failures.push(...result.failures.map((text) => `${layer}/${text}`));
  }
  // The end of a long log is what is read, and what is kept: failures of the first layer stand there too.
  if (layers.length > 1) listFailures(failures);
  console.log(`\n${passed} passed, ${failures.length} failed`);
  process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;
}

main();
