import { dirname } from "node:path";
import { ensureTools } from "../../toolchain/build";
import { cacheDir } from "../../toolchain/paths";
import { installPlugins } from "../../toolchain/plugins/install";
import { silent, type Progress } from "../../toolchain/progress";

export interface EngineEnvironment {
  /** Folder whose `bin/pulumi` is the engine. */
  root: string;
  env: Record<string, string>;
}

let cached: Promise<EngineEnvironment> | undefined;

/** The engine and what it needs around it, built on first use. */
export function engineEnvironment(progress: Progress = silent): Promise<EngineEnvironment> {
  cached ??= prepare(progress);
  return cached;
}

async function prepare(progress: Progress): Promise<EngineEnvironment> {
  const tools = await ensureTools(["engine"], progress);
  const engine = tools.path("pulumi");
  const officialEngine = tools.officialEngine ? engine : undefined;
  const env = await installPlugins({ home: cacheDir(), officialEngine, progress });
  return { root: dirname(dirname(engine)), env };
}
