import { spawn } from "node:child_process";
import type { ChildProcess, StdioOptions } from "node:child_process";
import type { NodeCommand } from "./program";

/** Grace between asking a program to end and killing it, in milliseconds. */
const KILL_AFTER_MS = 4_000;

export interface Exit {
  /** `null` where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The Node processes that this host runs for the engine. None outlives the host. */
export class Children {
  private readonly running = new Set<ChildProcess>();

  /** @param preload a file that every process loads before its program */
  constructor(private readonly preload?: string) {}

  start(command: NodeCommand, stdio: StdioOptions): ChildProcess {
    const { args, cwd, env } = command;
    const first = this.preload === undefined ? [] : ["--require", this.preload];
    const child = spawn(process.execPath, [...first, ...args], { cwd, env, stdio });
    this.running.add(child);
    child.once("close", () => this.running.delete(child));
    child.once("error", () => this.running.delete(child));
    return child;
  }

  /** Asks one process to end, and insists after a while. */
  stop(child: ChildProcess): void {
    if (!this.running.has(child)) return;
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS).unref();
  }

  stopAll(): void {
    for (const child of this.running) this.stop(child);
  }

  /** For the host's own end, when there is no time left to wait. */
  killAll(): void {
    for (const child of this.running) child.kill("SIGKILL");
  }
}

/** Resolves when the process and its output streams have ended. @throws Error where it could not be started */
export function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}
