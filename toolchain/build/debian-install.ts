import { SlipwayError } from "../errors";
import type { Task } from "../progress";
import type { DebianPackage } from "./debian-packages";
import { isInstalled } from "./debian-packages";
import { withoutServices } from "./debian-services";
import { lastWords, runProgram } from "./run-program";
import { findPrograms } from "../programs";

/** Another apt, e.g. Debian's unattended upgrades, is waited for. */
const APT_LOCK_SECONDS = 300;
const APT_ENVIRONMENT = { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };

/** Why packages cannot be installed on this machine, or undefined where they can. */
export function installProblem(
  isRoot = process.getuid?.() === 0,
  hasApt = findPrograms("apt-get").length > 0,
): string | undefined {
  if (!hasApt) return "this is no Debian (there is no apt-get)";
  if (!isRoot) return "only root may install packages";
  return undefined;
}

export function installMend(packages: readonly DebianPackage[]): string {
  const names = packages.map(({ name }) => name).join(" ");
  return findPrograms("apt-get").length > 0
    ? `run \`sudo apt-get install --no-install-recommends ${names}\``
    : `install what your system calls ${names}, or use Debian 12`;
}

/** Installs Debian packages, without starting or enabling the services that some of them carry. */
export async function installPackages(packages: readonly DebianPackage[], task: Task): Promise<void> {
  if (packages.length === 0) return;
  const names = packages.map(({ name }) => name);
  const problem = installProblem();
  if (problem)
    throw new SlipwayError(`${names.join(", ")} cannot be installed: ${problem}: ${installMend(packages)}.`);
  task.update("apt-get update");
  // Lists that are stale are better than none: whether they serve, the installation shows.
  const update = await apt(["update"]);
  task.update(`apt-get install ${names.join(" ")}`);
  await withoutServices(
    packages.flatMap(({ services }) => services ?? []),
    async () => {
      const install = await apt(["install", "-y", "--no-install-recommends", ...names]);
      if (install.code !== 0) throw installFailure(names, update.code === 0 ? install : update);
    },
  );
  const absent = packages.filter((debianPackage) => !isInstalled(debianPackage));
  if (absent.length > 0) {
    const programs = absent.flatMap(({ programs: list }) => list).join(", ");
    throw new SlipwayError(
      `${programs} are still missing after the installation of ${names.join(", ")}: use Debian 12.`,
    );
  }
}

function apt(args: readonly string[]): ReturnType<typeof runProgram> {
  const options = ["-q", "-o", `DPkg::Lock::Timeout=${APT_LOCK_SECONDS}`];
  return runProgram("apt-get", [...options, ...args], { env: APT_ENVIRONMENT });
}

function installFailure(names: readonly string[], outcome: Awaited<ReturnType<typeof apt>>): SlipwayError {
  const errors = outcome.stderr.split("\n").filter((line) => line.startsWith("E:"));
  const reason = errors.length > 0 ? errors.join(" | ") : lastWords(outcome);
  return new SlipwayError(
    `apt-get could not install ${names.join(", ")} (${reason}): mend what it says, then run \`apt-get update\` and this command again.`,
  );
}
