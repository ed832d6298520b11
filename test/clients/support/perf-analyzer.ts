import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../support/slipway";
import { cachedFolder } from "./cached-folder";
import { clientsFolder, mustRun, pipInstall } from "./python";

/** Debian's package of the one library that perf_analyzer needs and no Python package brings. */
const LIBB64_PACKAGE = "libb64-0d";

/** Where perf_analyzer can run: it comes as a program for this platform only. */
export const hasPerfAnalyzer = process.platform === "linux" && process.arch === "x64";

async function download(folder: string): Promise<void> {
  const args = ["download", LIBB64_PACKAGE];
  if ((await runCommand("apt-get", args, { cwd: folder })).status === 0) return;
  // A machine that is fresh has no lists of packages yet.
  await runCommand("apt-get", ["-qq", "update"]);
  await mustRun("apt-get", args, { cwd: folder });
}

/** Puts the libb64 library into `libraries`, without installing it. */
async function addLibb64(libraries: string): Promise<void> {
  if ((await mustRun("ldconfig", ["-p"])).includes("libb64.so.0d")) return;
  const folder = mkdtempSync(join(tmpdir(), "slipway-libb64-"));
  try {
    await download(folder);
    const [deb] = readdirSync(folder);
    await mustRun("dpkg", ["-x", join(folder, deb!), join(folder, "content")]);
    const library = readdirSync(join(folder, "content"), { recursive: true })
      .map(String)
      .find((path) => path.endsWith("libb64.so.0d"));
    copyFileSync(join(folder, "content", library!), join(libraries, "libb64.so.0d"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function fill(folder: string): Promise<void> {
  mkdirSync(folder);
  const requirements = join(clientsFolder, "requirements-perf-analyzer.txt");
  // Only the wheels of this old platform tag have the program in them.
  const platforms = ["--platform", "manylinux1_x86_64", "--platform", "manylinux2014_x86_64"];
  await pipInstall(
    "python3",
    ...["--no-deps", "--only-binary", ":all:", ...platforms, "--target", join(folder, "packages")],
    ...["--requirement", requirements],
  );
  const libraries = join(folder, "lib");
  mkdirSync(libraries);
  const cuda = join(folder, "packages/nvidia/cuda_runtime/lib/libcudart.so.12");
  copyFileSync(cuda, join(libraries, "libcudart.so.12"));
  await addLibb64(libraries);
  const program = join(folder, "perf_analyzer");
  copyFileSync(join(folder, "packages/bin/perf_analyzer"), program);
  chmodSync(program, 0o755);
  rmSync(join(folder, "packages"), { recursive: true });
}

export interface PerfAnalyzer {
  /** Runs it to its end. */
  run(...args: string[]): ReturnType<typeof runCommand>;
}

/** NVIDIA's load generator, fetched where it is not in the cache yet. */
export async function perfAnalyzer(): Promise<PerfAnalyzer> {
  const recipe = readFileSync(join(clientsFolder, "requirements-perf-analyzer.txt"), "utf8");
  const folder = await cachedFolder("perf-analyzer", recipe, fill);
  const env = { LD_LIBRARY_PATH: join(folder, "lib") };
  return { run: (...args) => runCommand(join(folder, "perf_analyzer"), args, { env }) };
}
