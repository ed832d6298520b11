import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { readState } from "../../audit/collect/read-state";
import type { Progress } from "../../toolchain/progress";
import { withTask } from "../../toolchain/progress";
import { engineEnvironment } from "../engine/environment";
import { openStack, stateFile } from "../engine/workspace";
import { inputOf, readInputFile, type InputFile } from "./input-file";
import { reading } from "./exit-status";

/** Far more than any state; a longer text is none in Node. */
const MOST_BYTES = 500 * 1024 * 1024;

/** The state of a profile that is up, here or in a backend that others share; undefined where nothing is. */
export async function profileState(
  profile: string,
  backend: string | undefined,
  progress: Progress,
): Promise<InputFile | undefined> {
  const file = stateFile(profile);
  const state = backend
    ? await exportedState(profile, backend, progress)
    : existsSync(file)
      ? readInputFile("the state", file, "state")
      : undefined;
  if (!state) return undefined;
  const { resources } = reading(state.path, () => readState(state.text));
  return resources.length > 0 ? state : undefined;
}

async function exportedState(profile: string, backend: string, progress: Progress): Promise<InputFile> {
  return withTask(progress, `Reading the state of ${profile}`, async () => {
    const { workspace } = await openStack({ profile, backend, looking: true });
    const { root } = await engineEnvironment();
    const env = { ...process.env, ...workspace.envVars };
    // The Automation API's own export has the secrets in plain text.
    const { stdout } = await promisify(execFile)(
      join(root, "bin", "pulumi"),
      ["stack", "export", "--stack", profile, "--non-interactive"],
      { cwd: workspace.workDir, env, maxBuffer: MOST_BYTES },
    );
    const name = `${profile}.json`;
    return { path: `the state of ${profile}`, text: stdout, input: inputOf("state", name, stdout) };
  });
}
