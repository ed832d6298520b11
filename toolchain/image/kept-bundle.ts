import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { markUsed, removeUnusedKeys } from "../build/prune";
import { cacheDir, projectRoot } from "../paths";
import { bundleRuntime } from "./bundle-runtime";
import { filesBelow } from "./files-below";

/** What is to lie in the image, by its path there. */
export type BundledFiles = ReadonlyMap<string, Buffer>;

/** Writes the bundle into a folder, and tells what it was made of. */
export type Bundler = (dir: string) => Promise<readonly string[]>;

/** Path of each file that the bundle is made of, and what `stat` said of it then. */
type Inputs = Readonly<Record<string, string>>;

interface BundleRecord {
  readonly inputs: Inputs;
  /** SHA-256 of each file of the bundle, by its path: the name that its content lies under. */
  readonly files: Readonly<Record<string, string>>;
}

const RECORD = "record.json";

/** File systems take their times from a clock that stands still between ticks of the kernel, at most this long. */
const TICK_MS = 20;

/** Where npm writes down what it has installed: what is found for a name may change without any file that was read. */
const INSTALLED = join(projectRoot, "node_modules/.package-lock.json");

/**
 * The inference server's bundle, made anew where something that it is made of has changed since. Making it takes seconds of
 * processor time, which every preview would spend again. Where nothing can be kept, it is made each time.
 * @param cache folder that may be deleted at any time
 */
export async function keptBundle(cache = cacheDir(), bundle: Bundler = bundleRuntime): Promise<BundledFiles> {
  const checkout = sha256(Buffer.from(projectRoot)).slice(0, 16);
  const folder = join(cache, "images", `server-${checkout}`);
  return found(folder) ?? make(folder, bundle);
}

const sha256 = (content: Buffer): string => createHash("sha256").update(content).digest("hex");

/** Changes with every write: npm gives all files of all versions of a package the same time of modification. */
function stampOf(file: string): string {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats ? `${stats.size} ${stats.ino} ${stats.ctimeNs}` : "none";
}

const stamped = (files: readonly string[]): Inputs =>
  Object.fromEntries(files.map((file) => [file, stampOf(file)]));

/** What lies there will run: nobody else may have put it there, and it must be what was written. */
function found(folder: string): BundledFiles | undefined {
  try {
    const { uid, mode } = statSync(folder);
    if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return undefined;
    const { inputs, files } = JSON.parse(readFileSync(join(folder, RECORD), "utf8")) as BundleRecord;
    if (Object.entries(inputs).some(([file, stamp]) => stampOf(file) !== stamp)) return undefined;
    const contents = Object.entries(files).map(([path, digest]) => {
      const content = readFileSync(join(folder, digest));
      return [path, content, sha256(content) === digest] as const;
    });
    if (!contents.every(([, , isWhole]) => isWhole)) return undefined;
    markUsed(folder);
    return new Map(contents.map(([path, content]) => [path, content]));
  } catch {
    return undefined;
  }
}

async function make(folder: string, bundle: Bundler): Promise<BundledFiles> {
  const dir = mkdtempSync(join(tmpdir(), "slipway-bundle-"));
  try {
    const begun = Date.now();
    const inputs = [...(await bundle(dir)), INSTALLED];
    const files = new Map(filesBelow(dir).map((file) => [relative(dir, file), readFileSync(file)]));
    // One that was written meanwhile may have been read before.
    const areSettled = inputs.every(
      (file) => (statSync(file, { throwIfNoEntry: false })?.ctimeMs ?? 0) < begun - TICK_MS,
    );
    if (areSettled) keep(folder, inputs, files);
    return files;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Saves time and is no condition: the disk may be full, or the folder another's. */
function keep(folder: string, inputs: readonly string[], bundled: BundledFiles): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const files = Object.fromEntries([...bundled].map(([path, content]) => [path, sha256(content)]));
    for (const [path, content] of bundled) put(join(folder, files[path]!), content);
    put(join(folder, RECORD), JSON.stringify({ inputs: stamped(inputs), files } satisfies BundleRecord));
    const kept = new Set([RECORD, ...Object.values(files)]);
    // What another process is writing at the moment ends in its number.
    for (const old of readdirSync(folder).filter((name) => !kept.has(name) && !/\.\d+$/.test(name)))
      rmSync(join(folder, old));
    // Those of checkouts that are gone.
    removeUnusedKeys(folder);
  } catch {
    // Made anew next time.
  }
}

/** With one rename: other commands may be reading, or writing the same. */
function put(file: string, content: string | Buffer): void {
  const staging = `${file}.${process.pid}`;
  writeFileSync(staging, content, { mode: 0o600 });
  renameSync(staging, file);
}
