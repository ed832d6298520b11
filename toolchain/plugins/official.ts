import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { lastWords, runProgram } from "../build/run-program";
import { SlipwayError } from "../errors";
import { withTask, type Progress } from "../progress";
import { findPrograms } from "../programs";
import type { PluginSpec } from "./catalogue";
import { executableName, folderName } from "./catalogue";

/** What the project's own stacks need; other plugins an official engine fetches when a program asks for them. */
const NEEDED = ["nodejs", "kubernetes", "tls"];

const OWN_ENGINE = "or set SLIPWAY_ENGINE=embedded to use this project's own engine and plugins";

/**
 * Makes sure that an official engine has its plugins, before any work is done with it: in a closed network it may be
 * there without them, and would say so in the middle of a preview.
 * @throws SlipwayError one sentence
 */
export async function requireOfficialPlugins(
  engine: string,
  plugins: readonly PluginSpec[],
  progress: Progress,
): Promise<void> {
  const absent = plugins.filter(({ name }) => NEEDED.includes(name)).filter((plugin) => !has(engine, plugin));
  for (const plugin of absent) {
    const { kind, name, version } = plugin;
    // Language hosts come with the engine, and cannot be fetched by themselves.
    if (kind === "language") {
      const problem = `${engine} has no ${executableName(plugin)} beside it or on PATH`;
      throw new SlipwayError(`${problem}: install Pulumi whole, ${OWN_ENGINE}.`);
    }
    const outcome = await withTask(progress, `Fetching the plugin ${name} ${version}`, () =>
      runProgram(engine, ["plugin", "install", kind, name, version]),
    );
    if (outcome.code === 0) continue;
    const reason = lastWords(outcome, 1).replace(/^error: /, "");
    throw new SlipwayError(
      `${engine} could not fetch its plugin ${name} ${version} (${reason}): let it reach https://get.pulumi.com, ${OWN_ENGINE}.`,
    );
  }
}

/** Beside the engine, on PATH, or in the folder of plugins: the places where it looks itself. */
function has(engine: string, plugin: PluginSpec): boolean {
  const executable = executableName(plugin);
  const home = process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
  // Engines find what lies beside them by their real path.
  const places = [join(dirname(realpathSync(engine)), executable), join(home, "plugins", folderName(plugin))];
  return places.some((path) => existsSync(path)) || findPrograms(executable, []).length > 0;
}
