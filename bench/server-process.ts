/** A server under measurement: a process of its own on its own core, and what /proc says of it. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pinned, type Cores } from "./cores";

export interface BoundPorts {
  readonly http: number;
  readonly grpc?: number;
}

export interface ServerCommand {
  readonly name: string;
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly cwd?: string;
  /** The ports that a line of its output names, if it does. */
  readonly portsIn: (line: string) => BoundPorts | undefined;
}

/** Clock ticks a second, in which the kernel counts CPU time. */
const TICKS =
  process.platform === "linux" ? Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" })) : 100;

export class ServerProcess {
  private constructor(
    readonly name: string,
    readonly ports: BoundPorts,
    private readonly child: ChildProcess,
    /** `performance.now()` when the process was started. */
    readonly startedAt: number,
  ) {}

  static async start({ name, command, cwd, portsIn }: ServerCommand, cores: Cores): Promise<ServerProcess> {
    const [program, ...args] = pinned(cores.server, command);
    const startedAt = performance.now();
    const env = { ...process.env, NODE_ENV: "production" };
    const child = spawn(program!, args, { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
    const kill = () => child.kill();
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
    for await (const line of createInterface({ input: child.stdout! })) {
      const ports = portsIn(line);
      if (!ports) continue;
      child.stdout!.resume();
      return new ServerProcess(name, ports, child, startedAt);
    }
    throw new Error(`${name} ended before it listened`);
  }

  /** CPU time of all its threads so far, in microseconds; nothing where there is no /proc. */
  cpuTime(): number | undefined {
    return this.timeIn("stat");
  }

  /** CPU time of its first thread alone. */
  mainThreadTime(): number | undefined {
    return this.timeIn(`task/${this.child.pid}/stat`);
  }

  private timeIn(file: string): number | undefined {
    const stat = this.proc(file);
    if (stat === undefined) return undefined;
    // The name, in brackets, may hold spaces; utime and stime are the fields 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return ((Number(fields[11]) + Number(fields[12])) * 1e6) / TICKS;
  }

  /** Resident memory in MiB, now and at its highest. */
  memory(): { now: number; peak: number } | undefined {
    const status = this.proc("status");
    if (status === undefined) return undefined;
    const mib = (field: string) =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1024;
    return { now: mib("VmRSS"), peak: mib("VmHWM") };
  }

  private proc(file: string): string | undefined {
    return process.platform === "linux" ? readFileSync(`/proc/${this.child.pid}/${file}`, "utf8") : undefined;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async stop(): Promise<void> {
    if (!this.running) return;
    const exited = once(this.child, "exit");
    this.child.kill("SIGTERM");
    await exited;
  }
}
