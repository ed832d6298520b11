import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChild, type RunningChild } from "../../../../dashboards/pictures/stage/child";
import { freePort } from "../../../../dashboards/pictures/stage/free-port";
import { ensureTools } from "../../../../toolchain/build";
import { silent } from "../../../../toolchain/progress";
import { envoyConfig } from "./envoy-config";

const SERVER = join(__dirname, "mortal-server.js");
const OPTIONS = ["--disable-hot-restart", "--concurrency", "1", "--log-level", "error"];

/** A gateway's proxy, and servers behind it that can be killed; all of them processes of their own, on loopback. */
export class EnvoyStage {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly folder = mkdtempSync(join(tmpdir(), "slipway-envoy-"));
  private readonly processes: ChildProcess[] = [];
  private envoy: RunningChild | undefined;

  private constructor(
    private readonly port: number,
    private readonly servers: readonly number[],
  ) {}

  /** @param count of servers */
  static async start(policy: Parameters<typeof envoyConfig>[0], count: number): Promise<EnvoyStage> {
    const [port, ...servers] = await Promise.all(Array.from({ length: count + 1 }, freePort));
    const stage = new EnvoyStage(port!, servers);
    try {
      await stage.startEnvoy(envoyConfig(policy, port!, servers));
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  private async startEnvoy(config: object): Promise<void> {
    await Promise.all(this.servers.map((_, index) => this.startServer(index)));
    const envoy = (await ensureTools(["cluster"], silent)).path("envoy");
    const file = join(this.folder, "envoy.json");
    writeFileSync(file, JSON.stringify(config));
    this.envoy = await startChild("Envoy", [envoy, "-c", file, ...OPTIONS], `http://127.0.0.1:${this.port}/`);
  }

  /** Servers that run. */
  get alive(): number {
    return this.processes.filter(isRunning).length;
  }

  async startServer(index: number): Promise<void> {
    const args = [SERVER, String(this.servers[index])];
    const server = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    this.processes[index] = server;
    await once(server.stdout, "data");
  }

  async killServer(index: number): Promise<void> {
    const server = this.processes[index]!;
    if (!isRunning(server)) return;
    server.kill("SIGKILL");
    await once(server, "exit");
  }

  /** Status of the answer to a request. */
  ask(path: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const options = { agent: this.agent, host: "127.0.0.1", port: this.port, path, method: "POST" };
      const call = request(options, (response) => {
        response.resume().on("end", () => resolve(response.statusCode ?? 0));
      });
      call.on("error", reject);
      call.end();
    });
  }

  async close(): Promise<void> {
    this.agent.destroy();
    await this.envoy?.close();
    await Promise.all(this.processes.map((_, index) => this.killServer(index)));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const isRunning = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null;
