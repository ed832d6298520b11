import { execFile } from "node:child_process";
import { messageOf } from "../errors";

export interface Outcome {
  /** Exit status; 127 where the program could not be started, 124 where it ran out of time. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** @default no limit */
  readonly timeoutMs?: number;
}

/** Runs a program to its end without a shell; whatever happens is an outcome, never an exception. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const env = { ...process.env, ...options.env };
  const settings = { cwd: options.cwd, env, timeout: options.timeoutMs ?? 0, maxBuffer: 256 << 20 };
  return new Promise((resolve) => {
    try {
      execFile(command, [...args], settings, (error, stdout, stderr) =>
        resolve({ code: exitCode(error), stdout, stderr: stderr || (error ? messageOf(error) : "") }),
      );
    } catch (error) {
      // A command line that cannot be passed on, e.g. one with a zero byte.
      resolve({ code: 127, stdout: "", stderr: messageOf(error) });
    }
  });
}

function exitCode(error: Error | null): number {
  if (!error) return 0;
  const { code, killed } = error as { code?: unknown; killed?: boolean };
  if (killed) return 124;
  return typeof code === "number" ? code : 127;
}

/** The last lines of what a program said, on one line. */
export function lastWords({ stdout, stderr }: Outcome, lines = 3): string {
  const said = (stderr.trim() || stdout.trim()).split("\n");
  return said.slice(-lines).join(" | ");
}
