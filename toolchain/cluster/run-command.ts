import { execFile } from "node:child_process";
import { SlipwayError } from "../errors";

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, whatever its exit status. A program that is not installed is an error. */
export function tryCommand(
  command: string,
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, ...env }, maxBuffer: 64 << 20 };
    execFile(command, [...args], options, (error, stdout, stderr) => {
      const code = error ? (error as { code?: unknown }).code : 0;
      if (code === "ENOENT") reject(new SlipwayError(`The program "${command}" is not installed.`));
      else resolve({ code: typeof code === "number" ? code : 1, stdout, stderr });
    });
  });
}

/** Runs a program and gives what it printed; an exit status other than 0 is an error that quotes its last words. */
export async function runCommand(
  command: string,
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<string> {
  const { code, stdout, stderr } = await tryCommand(command, args, env);
  if (code === 0) return stdout;
  const said = (stderr || stdout).trim().split("\n").slice(-3).join(" | ");
  throw new SlipwayError(`\`${command} ${args.join(" ")}\` failed with status ${code}: ${said}`);
}
