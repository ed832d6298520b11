import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { EngineLog } from "./engine-log";
import type { Provider } from "./provider";
import { ProviderService } from "./service";

/** As large as the engine itself allows: a rendered chart or a CRD bundle is far over gRPC's 4 MiB. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** A gRPC server on a free port of the loopback. */
export interface RunningPlugin {
  readonly port: number;
  close(): void;
}

/** Serves one gRPC service on 127.0.0.1, on a port that the system chooses. */
export function listen(
  service: ServiceDefinition,
  handlers: UntypedServiceImplementation,
): Promise<RunningPlugin> {
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
    // Statistics of calls that nobody asks for: a tenth of the time that a preview takes here.
    "grpc.enable_channelz": 0,
  });
  server.addService(service, handlers);
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve({ port, close: () => server.forceShutdown() });
    });
  });
}

/** Serves a provider inside this process, for tests that speak the protocol themselves. */
export async function startProvider(provider: Provider, engineAddress?: string): Promise<RunningPlugin> {
  const log = new EngineLog(engineAddress);
  const running = await listen(ResourceProviderService, new ProviderService(provider, log).handlers());
  return {
    port: running.port,
    close: () => {
      running.close();
      log.close();
    },
  };
}

/** The engine's address among a plugin's arguments: flags such as `-v=9`, `--logtostderr` and `--tracing URL` aside. */
export function engineAddressOf(args: readonly string[]): string | undefined {
  return args.find((arg, index) => !arg.startsWith("-") && args[index - 1] !== "--tracing");
}

/**
 * Ends this process when the engine wants it (by SIGINT: plugins are in process groups of their own, so that Ctrl-C
 * does not reach them), and also when the engine was killed and could not say so.
 */
export function endWithEngine(cleanUp: () => void = () => undefined): void {
  const end = () => {
    cleanUp();
    process.exit(0);
  };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, 1_000).unref();
}

/**
 * Runs a provider as a plugin process: prints its port on stdout, as the engine expects, and serves until the engine
 * ends it.
 */
export async function serveProvider(provider: Provider): Promise<void> {
  endWithEngine();
  const { port } = await startProvider(provider, engineAddressOf(process.argv.slice(2)));
  process.stdout.write(`${port}\n`);
}
