// Starts the plugin beside it, `plugin.cjs`, with the machine's own compilation of it: plugins start with every command, and
// compiling one takes longer than all else that it does before its first answer. Its first run writes the compilation.
const { readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");
const { Script } = require("node:vm");

const filename = join(__dirname, "plugin.cjs");
const cache = join(__dirname, "plugin.cache");

function readCache() {
  try {
    return readFileSync(cache);
  } catch {
    return undefined;
  }
}

function writeCache() {
  try {
    // With one rename: plugins of another command may be starting.
    const staging = `${cache}.${process.pid}`;
    writeFileSync(staging, script.createCachedData());
    renameSync(staging, cache);
  } catch {
    // Faster, but no condition: the folder may be read-only, or gone.
  }
}

const cachedData = readCache();
const script = new Script(Module.wrap(readFileSync(filename, "utf8")), { filename, cachedData });
// Another version of Node wants another one. At the end, when what was used is compiled.
if (cachedData === undefined || script.cachedDataRejected) process.once("exit", writeCache);
script.runInThisContext().call(module.exports, module.exports, require, module, filename, __dirname);
