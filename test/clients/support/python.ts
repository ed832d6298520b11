import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../support/slipway";
import { cachedFolder } from "./cached-folder";

export const clientsFolder = join(__dirname, "..");

/** Runs a program that has to end well. @returns what it said on stdout */
export async function mustRun(
  file: string,
  args: string[],
  options?: Parameters<typeof runCommand>[2],
): Promise<string> {
  const { status, stdout, stderr } = await runCommand(file, args, options);
  if (status !== 0) throw new Error(`${file} ${args.join(" ")} ended with ${status}:\n${stderr}\n${stdout}`);
  return stdout;
}

/** Installs pinned packages; which registry they come from is the machine's matter. */
export const pipInstall = (python: string, ...args: string[]): Promise<string> =>
  mustRun(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...args]);

/** A virtual environment with pinned packages, made where the cache lacks it. @returns its folder of programs */
export async function virtualEnvironment(name: string, requirements: string): Promise<string> {
  const version = await mustRun("python3", ["--version"]);
  const recipe = version + readFileSync(requirements, "utf8");
  const folder = await cachedFolder(name, recipe, async (target) => {
    await mustRun("python3", ["-m", "venv", target]);
    await pipInstall(join(target, "bin/python"), "--requirement", requirements);
  });
  return join(folder, "bin");
}

/** The interpreter of an environment that holds the public clients. */
export async function clientsPython(): Promise<string> {
  return join(await virtualEnvironment("python", join(clientsFolder, "requirements.txt")), "python");
}
