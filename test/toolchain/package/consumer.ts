import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { lock } from "proper-lockfile";
import { projectRoot } from "../../../toolchain/paths";
import { runCommand } from "../../support/slipway";

const NAME = "@slipway/slipway";

interface Lockfile {
  readonly packages: { readonly [path: string]: { readonly dev?: boolean } };
}

/** What a pack is made of lies elsewhere. */
const NO_SOURCES = new Set([".git", "bench", "dist", "node_modules", "test"]);

export interface Packed {
  readonly tarball: string;
  /** The paths in it. */
  readonly files: readonly string[];
}

/** Changes with every file that a pack may hold. */
function stampOf(folder: string): string {
  const hash = createHash("sha256");
  const walk = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(at, entry.name);
      if (at === folder && NO_SOURCES.has(entry.name)) continue;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) {
        const { size, ctimeMs } = statSync(path);
        hash.update(`${path} ${size} ${ctimeMs}\n`);
      }
    }
  };
  walk(folder);
  return hash.digest("hex");
}

/** Packs the project as for a registry, or gives what another test file has packed of the same sources: a build takes half a minute. */
export async function pack(): Promise<Packed> {
  // The build writes `dist/`, and test files run beside each other.
  const lockfilePath = join(tmpdir(), `slipway-pack-${process.getuid?.() ?? 0}.lock`);
  const retries = { retries: 120, factor: 1, minTimeout: 1_000 };
  const release = await lock(projectRoot, { lockfilePath, retries, stale: 30_000 });
  try {
    const folder = join(projectRoot, "node_modules/.cache/slipway/package");
    const record = join(folder, "packed.json");
    const stamp = stampOf(projectRoot);
    if (existsSync(record)) {
      const { stamp: former, ...packed } = JSON.parse(readFileSync(record, "utf8")) as Packed & {
        stamp: string;
      };
      if (former === stamp && existsSync(packed.tarball)) return packed;
    }
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const packed = await packAlone(folder);
    writeFileSync(record, JSON.stringify({ stamp, ...packed }));
    return packed;
  } finally {
    await release();
  }
}

async function packAlone(folder: string): Promise<Packed> {
  const args = ["pack", "--ignore-scripts=false", "--json", "--loglevel=error", "--pack-destination", folder];
  const { status, stdout, stderr } = await runCommand("npm", args);
  if (status !== 0) throw new Error(`npm pack: ${stderr}`);
  // The build's own words come before the JSON.
  const [packed] = JSON.parse(stdout.slice(stdout.search(/^\[/m))) as {
    filename: string;
    files: { path: string }[];
  }[];
  if (!packed) throw new Error(`npm pack named no tarball: ${stdout}`);
  return { tarball: join(folder, packed.filename), files: packed.files.map(({ path }) => path) };
}

/**
 * Installs the tarball into `folder` without a registry: what `npm install` would have fetched is linked from the
 * checkout, and nothing else is, so that a dependency that package.json forgets is missing here as well.
 * @param peers optional peers that this consumer chose to install
 */
export async function install(tarball: string, folder: string, peers: readonly string[] = []): Promise<void> {
  const target = join(folder, "node_modules", NAME);
  mkdirSync(target, { recursive: true });
  const { status, stderr } = await runCommand("tar", ["-xzf", tarball, "-C", target, "--strip-components=1"]);
  if (status !== 0) throw new Error(`tar: ${stderr}`);
  const lock = JSON.parse(readFileSync(join(projectRoot, "package-lock.json"), "utf8")) as Lockfile;
  const wanted = Object.entries(lock.packages)
    .filter(([path, { dev }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && dev !== true)
    .map(([path]) => path.slice("node_modules/".length));
  const present = new Set(readdirSync(join(projectRoot, "node_modules"), { recursive: false }).map(String));
  for (const name of new Set([...wanted, ...peers])) {
    // Optional packages of other platforms are in the lockfile and not on this machine.
    if (!present.has(name.split("/")[0]!)) continue;
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(projectRoot, "node_modules", name), link);
  }
}
