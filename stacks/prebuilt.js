// The profiles as one file that is already compiled. Loading their four hundred modules one by one, most of them the providers' SDKs,
// takes more processor time than all that a preview then does in the program.
const { createHash } = require("node:crypto");
const {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require("node:fs");
const Module = require("node:module");
const { homedir } = require("node:os");
const { dirname, isAbsolute, join, resolve } = require("node:path");
const { Script } = require("node:vm");

const ROOT = join(__dirname, "..");
const ENTRY = join(__dirname, "profiles.ts");

/** What says which script is current, and what it was made of. */
const RECORD = "inputs.json";

/** Where scripts of this checkout lie, in the folder that `toolchain/paths.ts` puts everything else into that may be deleted. */
function cacheFolder() {
  const { SLIPWAY_CACHE_DIR, XDG_CACHE_HOME = "" } = process.env;
  const caches = isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), ".cache");
  const checkout = createHash("sha256").update(ROOT).digest("hex").slice(0, 16);
  return join(resolve(SLIPWAY_CACHE_DIR || join(caches, "slipway")), `program-${checkout}`);
}

/** Changes with each write: npm gives all files of all versions of a package the same time of modification. */
function stampOf(file) {
  const { size, ctimeMs } = statSync(file);
  return `${size} ${ctimeMs}`;
}

/** With one rename: previews of other stacks may be reading, or writing the same. */
function put(file, content) {
  const staging = `${file}.${process.pid}`;
  writeFileSync(staging, content, { mode: 0o600 });
  renameSync(staging, file);
}

/** What lies there runs: nobody else may have put it there. */
function refuseForeign(folder) {
  const { uid, mode } = statSync(folder);
  if (process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o022) !== 0))
    throw new Error(`others may write to ${folder}`);
}

/** @returns the file of the current script, or undefined where there is none or what it was made of has changed */
function findScript(folder) {
  try {
    const { script, inputs } = JSON.parse(readFileSync(join(folder, RECORD), "utf8"));
    refuseForeign(folder);
    const isCurrent = Object.entries(inputs).every(([file, stamp]) => stampOf(file) === stamp);
    return isCurrent ? join(folder, script) : undefined;
  } catch {
    return undefined;
  }
}

/** Not `recursive`: Node then tries for ever where the parent takes no folders at all, as /proc does. */
function ensureFolder(folder) {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  ensureFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
}

function buildScript(folder) {
  ensureFolder(folder);
  refuseForeign(folder);
  const { buildSync } = Module.createRequire(require.resolve("tsx/package.json"))("esbuild");
  const { outputFiles, metafile } = buildSync({
    entryPoints: [ENTRY],
    absWorkingDir: ROOT,
    outfile: join(folder, "program.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    // The one that has started the program.
    external: ["@pulumi/pulumi"],
    legalComments: "none",
    logLevel: "silent",
    metafile: true,
    sourcemap: "external",
    write: false,
  });
  const [map, code] = ["cjs.map", "cjs"].map(
    (end) => outputFiles.find(({ path }) => path.endsWith(end)).text,
  );
  const name = createHash("sha256").update(code).update(map).digest("hex").slice(0, 16);
  const files = [
    ...Object.keys(metafile.inputs).map((file) => join(ROOT, file)),
    join(ROOT, "tsconfig.json"),
    join(__dirname, "prebuilt.js"),
  ];
  const inputs = Object.fromEntries(files.map((file) => [file, stampOf(file)]));
  put(join(folder, `${name}.cjs.map`), map);
  put(join(folder, `${name}.cjs`), `${code}//# sourceMappingURL=${name}.cjs.map\n`);
  put(join(folder, RECORD), JSON.stringify({ script: `${name}.cjs`, inputs }));
  for (const old of readdirSync(folder)) {
    // What another process is writing at the moment ends in its number.
    if (old !== RECORD && !old.startsWith(name) && !/\.\d+$/.test(old)) rmSync(join(folder, old));
  }
  return join(folder, `${name}.cjs`);
}

/** Runs a script with what V8 has compiled of it in an earlier run. */
function run(file) {
  const cache = `${file}.cache`;
  let cachedData;
  try {
    cachedData = readFileSync(cache);
  } catch {
    // The first run.
  }
  const script = new Script(Module.wrap(readFileSync(file, "utf8")), { filename: file, cachedData });
  if (cachedData === undefined || script.cachedDataRejected) {
    // At the end, when what was used is compiled. Another version of Node wants another one.
    process.once("exit", () => {
      try {
        put(cache, script.createCachedData());
      } catch {
        // Faster, but no condition: the folder may be gone.
      }
    });
  }
  const module = new Module(file);
  const requireBeside = Module.createRequire(ENTRY);
  script.runInThisContext().call(module.exports, module.exports, requireBeside, module, file, __dirname);
  return module.exports;
}

/**
 * Puts the compiled profiles where `require` looks before it reads their source. They are loaded when they are asked for; where they
 * cannot be, as without a folder that can be written, the source is.
 */
function offerProfiles() {
  let loaded;
  const load = () => {
    if (loaded === undefined) {
      let file;
      try {
        const folder = cacheFolder();
        file = findScript(folder) ?? buildScript(folder);
      } catch {
        delete require.cache[ENTRY];
        loaded = require(ENTRY);
      }
      loaded ??= run(file);
    }
    return loaded;
  };
  const exports = new Proxy({}, { get: (_, name) => (name === "__esModule" ? true : load()[name]) });
  require.cache[ENTRY] ??= Object.assign(new Module(ENTRY), { filename: ENTRY, loaded: true, exports });
}

module.exports = { offerProfiles };
