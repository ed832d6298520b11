import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, readFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds that a broker has to begin to listen, and to end. */
const START_LIMIT = 60_000;
const STOP_LIMIT = 20_000;

/** A broker as a process of its own, which can be stopped and started again with what it had stored. */
export class BrokerProcess {
  private child: ChildProcess | undefined;

  constructor(
    private readonly command: readonly [string, ...string[]],
    private readonly env: NodeJS.ProcessEnv,
    private readonly port: number,
    private readonly logFile: string,
  ) {}

  /** Resolves when the port answers. */
  async start(): Promise<void> {
    const [program, ...args] = this.command;
    const log = createWriteStream(this.logFile, { flags: "a" });
    await once(log, "open");
    const child = spawn(program, args, { env: this.env, stdio: ["ignore", log, log], detached: true });
    this.child = child;
    const deadline = Date.now() + START_LIMIT;
    while (!(await answers(this.port))) {
      if (child.exitCode !== null || Date.now() > deadline) {
        await this.stop();
        throw new Error(`The broker did not start: ${readFileSync(this.logFile, "utf8").slice(-2000)}`);
      }
      await sleep(100);
    }
  }

  /** Resolves when the process has ended: by itself, or killed where that takes too long. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    process.kill(child.pid, signal);
    const timer = setTimeout(() => process.kill(-child.pid!, "SIGKILL"), STOP_LIMIT);
    await ended;
    clearTimeout(timer);
  }
}

async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => (socket.destroy(), resolve(true)));
    socket.once("error", () => resolve(false));
  });
}

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
