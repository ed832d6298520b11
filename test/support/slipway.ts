import { spawn } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../../toolchain/paths";

export interface CommandResult {
  status: number | null;
  stdout: string;
  stderr: string;
}

interface RunOptions {
  /** @default the checkout */
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  input?: string;
  /** Whether what it says on stderr is shown. */
  echo?: boolean;
  /** It is ended after this time, and what it has said so far is in the error: no later test meets it. */
  timeoutMs?: number;
}

/** Runs a program to its end. */
export function runCommand(file: string, args: string[], options: RunOptions = {}): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd ?? projectRoot,
      env: { ...process.env, NO_COLOR: "1", ...options.env },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      if (options.echo) process.stderr.write(text);
    });
    child.once("error", reject);
    let late = false;
    const timer = setTimeout(
      () => {
        late = true;
        child.kill("SIGTERM");
      },
      options.timeoutMs ?? 2 ** 31 - 1,
    );
    child.once("close", (status) => {
      clearTimeout(timer);
      if (late)
        reject(
          new Error(`${file} did not end within ${options.timeoutMs} ms; it said: ${stderr.slice(-4000)}`),
        );
      else resolve({ status, stdout, stderr });
    });
    // A program that ends without reading its input is no failure.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}

/** Runs the command line of this checkout. */
export function slipway(args: string[], options?: RunOptions): Promise<CommandResult> {
  return runCommand(process.execPath, [join(projectRoot, "cli/bin.js"), ...args], options);
}

export interface Outputs {
  endpoint: string;
  caCertificate: string;
  kubeconfig: string;
  prometheus: string;
  alertmanager: string;
  models: { name: string; versions: string[] }[];
}

/** Where the running stack is; throws what the command said when nothing is up. */
export async function readOutputs(): Promise<Outputs> {
  const { status, stdout, stderr } = await slipway(["outputs", "--json"]);
  if (status !== 0) throw new Error(stderr.trim());
  return JSON.parse(stdout) as Outputs;
}

/** A token for the running stack. */
export async function readToken(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await slipway(["token", ...args]);
  if (status !== 0) throw new Error(stderr.trim());
  return stdout.trim();
}
