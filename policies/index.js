// The engine runs this file as it is, in a checkout without a build step. The pack's TypeScript is bundled in memory:
// one file to load instead of hundreds, which would take most of the start.
const { join } = require("node:path");
const { buildSync } = require("esbuild");

// The policy SDK reads the pack's version from the package.json of the working directory.
process.chdir(__dirname);

const { outputFiles } = buildSync({
  entryPoints: [join(__dirname, "pack.ts")],
  bundle: true,
  packages: "external",
  platform: "node",
  format: "cjs",
  target: "node20",
  sourcemap: "inline",
  write: false,
  logLevel: "silent",
});
module._compile(outputFiles[0].text, join(__dirname, "pack.js"));
