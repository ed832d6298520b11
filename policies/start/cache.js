const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { createRequire } = require("node:module");
const { homedir } = require("node:os");
const { basename, dirname, join, resolve } = require("node:path");
const { cachedDataVersionTag } = require("node:v8");

const PACK = dirname(__dirname);

/** What nobody has used for so long is removed when something new is kept. */
const UNUSED_MS = 14 * 24 * 3600 * 1000;

/** Packages in the file whose versions may change without the pack; the policy SDK's own, wherever npm has put them. */
const PACKAGES = ["@pulumi/pulumi", "@grpc/grpc-js", "google-protobuf"];

/** As the rest of the project has it: `SLIPWAY_CACHE_DIR`, else `slipway` in the user's cache folder. */
function cacheFolder() {
  const { SLIPWAY_CACHE_DIR, XDG_CACHE_HOME } = process.env;
  if (SLIPWAY_CACHE_DIR) return resolve(SLIPWAY_CACHE_DIR);
  return join(XDG_CACHE_HOME?.startsWith("/") ? XDG_CACHE_HOME : join(homedir(), ".cache"), "slipway");
}

/** Changes with every write to a file, also to one that has its old size and modification time afterwards. */
function stamp(file) {
  const { ctimeMs, size } = fs.statSync(file);
  return `${file} ${ctimeMs} ${size}\n`;
}

/** Changes with anything that the file is made of. Reading it all would take as long as half a start. */
function contentKey() {
  const sdk = require.resolve("@pulumi/policy/package.json");
  const fromSdk = createRequire(sdk);
  const packages = [sdk, ...PACKAGES.map((name) => fromSdk.resolve(`${name}/package.json`))];
  const sources = fs
    .readdirSync(PACK, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash("sha256");
  for (const file of [...packages, ...sources.sort()]) hash.update(stamp(file));
  return hash.digest("hex").slice(0, 16);
}

/** What lies there runs: nobody else may have put it there. */
function isOurs(folder) {
  const { uid, mode } = fs.statSync(folder);
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
}

function readIfThere(file, encoding) {
  try {
    return fs.readFileSync(file, encoding);
  } catch {
    return undefined;
  }
}

/** With one rename: packs of other commands may be starting. */
function write(file, content) {
  const staging = `${file}.${process.pid}`;
  fs.writeFileSync(staging, content, { mode: 0o600 });
  fs.renameSync(staging, file);
}

/** A cache makes the start faster and is no condition: its folder may be read-only, or gone. */
function attempt(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function describe(folder, source) {
  // V8's version, flags and processor are in the name.
  const file = join(folder, `pack.${cachedDataVersionTag().toString(16)}`);
  const keepCompiled = (compiled) => attempt(() => write(file, compiled));
  return { file: join(folder, "pack.js"), source, compiled: readIfThere(file), keepCompiled };
}

function buildFolder() {
  return join(cacheFolder(), "policies", contentKey());
}

/** What an earlier start has kept of the pack as it is now. */
function findBuild() {
  return attempt(() => {
    const folder = buildFolder();
    // Only ASCII is in it.
    const source = readIfThere(join(folder, "pack.js"), "latin1");
    if (source === undefined || !isOurs(folder)) return undefined;
    attempt(() => fs.utimesSync(folder, new Date(), new Date()));
    return describe(folder, source);
  });
}

/** Keeps the pack as one file for later starts; `undefined` where that cannot be. */
function keepBuild(source, map) {
  return attempt(() => {
    const folder = buildFolder();
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isOurs(folder)) return undefined;
    write(join(folder, "pack.js.map"), map);
    write(join(folder, "pack.js"), source);
    removeUnused(folder);
    return describe(folder, source);
  });
}

function removeUnused(current) {
  for (const name of fs.readdirSync(dirname(current))) {
    const folder = join(dirname(current), name);
    if (name === basename(current) || !/^[0-9a-f]{16}$/.test(name)) continue;
    const { mtimeMs } = fs.statSync(folder);
    if (Date.now() - mtimeMs > UNUSED_MS) fs.rmSync(folder, { recursive: true, force: true });
  }
}

module.exports = { findBuild, keepBuild };
