import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { projectRoot } from "../../../toolchain/paths";

interface Ports {
  readonly http: number;
  readonly grpc: number;
  readonly metrics: number;
}

/** `slipway serve` in a process of its own, on free ports of the loopback device. */
export class Serving {
  private constructor(
    private readonly child: ChildProcess,
    readonly ports: Ports,
  ) {}

  /** Resolves once all models that are to be loaded at the start are. */
  static async start(modelRepository: string, ...options: string[]): Promise<Serving> {
    const ports = ["--http-port", "0", "--grpc-port", "0", "--metrics-port", "0", "--host", "127.0.0.1"];
    const args = ["serve", "--model-repository", modelRepository, ...ports, ...options];
    const child = spawn(process.execPath, ["-r", "tsx/cjs", join(projectRoot, "runtime/main.ts"), ...args], {
      cwd: projectRoot,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let bound: Ports | undefined;
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.includes(`"msg":"listening"`)) bound = JSON.parse(line) as Ports;
      if (line.includes(`"msg":"models loaded"`)) break;
    }
    if (!bound) throw new Error("the server ended before its models were loaded");
    // A pipe that nobody reads would stop the server.
    child.stdout.resume();
    return new Serving(child, bound);
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.http}`;
  }

  get pid(): number {
    return this.child.pid!;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Ends it as Kubernetes would. @returns its exit status */
  async stop(): Promise<number | null> {
    if (this.running) {
      const exited = once(this.child, "exit");
      this.child.kill("SIGTERM");
      await exited;
    }
    return this.child.exitCode;
  }
}
