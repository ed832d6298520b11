// Starts the pack as one file with the SDK inside, which is made on its first start and kept with what V8 compiled of it:
// loading some thousand files would take most of the start.
const Module = require("node:module");
const { dirname, join } = require("node:path");
const { Script } = require("node:vm");
const { bundle } = require("./bundle");
const { findBuild, keepBuild } = require("./cache");

const PACK = dirname(__dirname);

/** How long after its start what V8 has compiled is kept, in milliseconds: the functions that the first requests need are in it. */
const COMPILED_AFTER_MS = 1_000;

/** Runs the file in this module's place. */
function run({ file, source, compiled, keepCompiled }) {
  const script = new Script(Module.wrap(source), { filename: file, cachedData: compiled });
  // Where something is kept of another version of Node, V8 rejects it.
  if (keepCompiled && (compiled === undefined || script.cachedDataRejected)) {
    setTimeout(() => keepCompiled(script.createCachedData()), COMPILED_AFTER_MS).unref();
  }
  script.runInThisContext().call(module.exports, module.exports, require, module, file, PACK);
}

/** @returns a promise where the file has to be made first */
module.exports = function start() {
  // The policy SDK reads the pack's version from the package.json of the working directory.
  process.chdir(PACK);
  const build = findBuild();
  if (build) return run(build);
  return bundle().then(({ source, map }) => {
    run(keepBuild(source, map) ?? { file: join(PACK, "pack.js"), source });
  });
};
