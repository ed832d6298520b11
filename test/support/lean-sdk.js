"use strict";
/**
 * Loaded into the programs of the engine's tests before Pulumi's SDK. Two thirds of an empty program's processor time go into parts of
 * the SDK that serialize functions, a TypeScript compiler and npm among them; here they are loaded when they are asked for.
 */
const Module = require("node:module");

const PARTS = ["./typescript-shim.js", "@npmcli/arborist"];

function loadOnUse(file) {
  let loaded;
  const load = () => {
    if (loaded === undefined) {
      delete require.cache[file];
      loaded = require(file);
    }
    return loaded;
  };
  // Compiled imports copy all members of what does not say that it is a module.
  const exports = new Proxy({}, { get: (_, name) => (name === "__esModule" ? true : load()[name]) });
  require.cache[file] ??= Object.assign(new Module(file), { loaded: true, exports });
}

// Programs of a package that was installed elsewhere have another one.
const sdk = require.resolve("@pulumi/pulumi/package.json", { paths: [process.cwd(), __dirname] });
const fromSdk = Module.createRequire(sdk);
for (const part of PARTS) loadOnUse(fromSdk.resolve(part));
