import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { cacheDir } from "../../../../../toolchain/paths";
import { catalogue, executableName, folderName } from "../../../../../toolchain/plugins/catalogue";
import { installPlugins } from "../../../../../toolchain/plugins/install";

/** The plugin under test: any binary that speaks the provider protocol. */
const PLUGIN_VARIABLE = "SLIPWAY_CONFORMANCE_PLUGIN";

export interface LogLine {
  readonly severity: number;
  readonly message: string;
  readonly ephemeral: boolean;
}

/** The part of the engine that plugins call: it takes their log lines. */
class LogSink {
  readonly lines: LogLine[] = [];
  private readonly server = new Server();

  async start(): Promise<number> {
    const log = (call: ServerUnaryCall<LogRequest, Empty>, answer: sendUnaryData<Empty>) => {
      const line = call.request;
      this.lines.push({
        severity: line.getSeverity(),
        message: line.getMessage(),
        ephemeral: line.getEphemeral(),
      });
      answer(null, new Empty());
    };
    this.server.addService(EngineService, { log } as never);
    return new Promise((resolve, reject) => {
      this.server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
  }

  stop(): void {
    this.server.forceShutdown();
  }
}

async function pluginPath(): Promise<string> {
  const given = process.env[PLUGIN_VARIABLE];
  if (given) return given;
  const { PULUMI_HOME = "" } = await installPlugins({
    home: process.env.SLIPWAY_TEST_PLUGIN_HOME ?? cacheDir(),
  });
  const spec = catalogue().find(({ name }) => name === "kubernetes");
  if (!spec) throw new Error("The catalogue has no kubernetes plugin.");
  return join(PULUMI_HOME, "plugins", folderName(spec), executableName(spec));
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      const match = /^(\d+)\s/.exec(text);
      if (match) resolve(Number(match[1]));
    });
    child.on("error", reject);
    child.on("exit", (code) =>
      reject(new Error(`The plugin ended with ${code} before it printed its port.`)),
    );
  });
}

/** A running plugin and a client of it. */
export class PluginProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly client: ResourceProviderClient,
    private readonly sink: LogSink,
  ) {}

  static async start(env: NodeJS.ProcessEnv = {}): Promise<PluginProcess> {
    const sink = new LogSink();
    const engine = await sink.start();
    const child = spawn(await pluginPath(), [`127.0.0.1:${engine}`], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const port = await portOf(child);
    const limits = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), limits);
    return new PluginProcess(child, client, sink);
  }

  /** What the plugin has logged so far. */
  get log(): readonly LogLine[] {
    return this.sink.lines;
  }

  async stop(): Promise<void> {
    this.client.close();
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    await ended;
    this.sink.stop();
  }
}
