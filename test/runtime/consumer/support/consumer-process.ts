import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../../../toolchain/paths";
import { freePorts } from "./broker-process";

/** Milliseconds until a consumer has loaded its models and reached its broker. */
const START_LIMIT = 60_000;

/** `slipway consume` as a process of its own. */
export class ConsumerProcess {
  output = "";

  private constructor(
    private readonly child: ChildProcess,
    readonly httpPort: number,
    private readonly metricsPort: number,
  ) {
    for (const stream of [child.stdout!, child.stderr!])
      stream.on("data", (text: Buffer) => (this.output += text.toString()));
  }

  /** Resolves when the server calls itself ready, unless it is not waited for. */
  static async start(options: Readonly<Record<string, string>>, waits = true): Promise<ConsumerProcess> {
    const [http, grpc, metrics] = (await freePorts(3)) as [number, number, number];
    const given = {
      host: "127.0.0.1",
      "http-port": String(http),
      "grpc-port": String(grpc),
      "metrics-port": String(metrics),
      "drain-delay": "0",
      "intra-op-threads": "1",
      instances: "1",
      ...options,
    };
    const flags = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
    const args = ["-r", "tsx/cjs", join(projectRoot, "runtime/main.ts"), "consume", ...flags];
    const child = spawn(process.execPath, args, { cwd: projectRoot, stdio: ["ignore", "pipe", "pipe"] });
    const started = new ConsumerProcess(child, http, metrics);
    if (waits) await started.untilReady();
    return started;
  }

  async untilReady(): Promise<void> {
    const deadline = Date.now() + START_LIMIT;
    while (!(await this.isReady())) {
      if (this.child.exitCode !== null || Date.now() > deadline) {
        await this.kill();
        throw new Error(`The consumer did not get ready: ${this.output.slice(-2000)}`);
      }
      await sleep(50);
    }
  }

  async isReady(): Promise<boolean> {
    const answer = await fetch(`http://127.0.0.1:${this.httpPort}/v2/health/ready`).catch(() => undefined);
    return answer?.status === 200;
  }

  /** The value of a metric, of all its series together. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`)).text();
    const lines = text
      .split("\n")
      .filter((line) => line.startsWith(name) && /^[ {]/.test(line[name.length]!));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
  }

  /** Asks it to end; resolves with its exit status. */
  async end(): Promise<number | null> {
    return this.signal("SIGTERM");
  }

  /** Ends it without a chance to say goodbye. */
  async kill(): Promise<void> {
    await this.signal("SIGKILL");
  }

  private async signal(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const ended = once(this.child, "exit");
    this.child.kill(signal);
    const [status] = (await ended) as [number | null];
    return status;
  }
}
