import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { OpenLoopOptions } from "./open-loop";
import type { VersionFile } from "./questions";
import type { ReportFilter, TrafficReport } from "./tally";

export interface LoadOptions extends Omit<OpenLoopOptions, "questions"> {
  /** Versions that may answer besides those of the catalogue. @default [] */
  readonly versions?: readonly VersionFile[];
}
export type LoadCommand = { start: LoadOptions } | { report: ReportFilter } | { stop: true };
export type LoadReply = { startedAt: number } | { report: TrafficReport } | { error: string };

/** The parent's side of traffic that another process sends. */
export class TrafficLoad {
  private constructor(
    private readonly child: ChildProcess,
    /** By the clock of this machine, in milliseconds: what the reports' times count from. */
    readonly startedAt: number,
  ) {}

  static async start(options: LoadOptions): Promise<TrafficLoad> {
    const child = fork(join(__dirname, "load-main.ts"), [], { execArgv: ["-r", "tsx/cjs"] });
    try {
      const reply = await ask(child, { start: options });
      return new TrafficLoad(child, "startedAt" in reply ? reply.startedAt : NaN);
    } catch (error) {
      child.disconnect();
      throw error;
    }
  }

  /** Number of the process that sends and takes the time. */
  get pid(): number {
    return this.child.pid!;
  }

  /** Milliseconds since the start. */
  now(): number {
    return Date.now() - this.startedAt;
  }

  /** What became of the requests so far. */
  report(filter: ReportFilter = {}): Promise<TrafficReport> {
    return this.ask({ report: filter });
  }

  async stop(): Promise<TrafficReport> {
    try {
      return await this.ask({ stop: true });
    } finally {
      this.child.disconnect();
    }
  }

  private async ask(command: LoadCommand): Promise<TrafficReport> {
    const reply = await ask(this.child, command);
    if ("report" in reply) return reply.report;
    throw new Error("the load answered something else");
  }
}

async function ask(child: ChildProcess, command: LoadCommand): Promise<LoadReply> {
  child.send(command);
  const died = new AbortController();
  const exit = once(child, "exit", { signal: died.signal }).then(() => {
    throw new Error("the process that sends the traffic has ended");
  });
  try {
    const [reply] = (await Promise.race([once(child, "message"), exit])) as [LoadReply];
    if ("error" in reply) throw new Error(reply.error);
    return reply;
  } finally {
    died.abort();
    exit.catch(() => undefined);
  }
}
