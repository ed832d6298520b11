import type { Logger } from "pino";
import { createLogger } from "./log";
import { describeOptions } from "./option-table";
import { parseServerOptions, SERVER_OPTION_TOPICS, SERVER_OPTIONS, type ServerOptions } from "./options";
import { createServer, type Server, type ServerDependencies } from "./server";

const HELP = `Usage: slipway serve --model-repository DIR [options]

Serves the ONNX models of a folder over the Open Inference Protocol (V2), REST and gRPC.

Options (each also as environment variable):
${describeOptions(SERVER_OPTIONS, SERVER_OPTION_TOPICS)}
`;

/** Exit status when a second signal ends the server at once, as a shell reports SIGINT. */
const INTERRUPTED = 130;

/**
 * `slipway serve`: stays until SIGTERM or SIGINT, then drains. A second signal ends it at once.
 * @returns the exit status
 * @throws UsageError, PortUnavailable or NothingToServe
 */
export async function serve(argv: readonly string[]): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(HELP);
    return 0;
  }
  const options = parseServerOptions(argv, process.env);
  return stayUntilStopped(options, { log: createLogger(options.logLevel) });
}

/**
 * Runs a server in this process until SIGTERM or SIGINT, then drains. A second signal ends it at once.
 * @returns the exit status
 * @throws PortUnavailable or NothingToServe
 */
export async function stayUntilStopped(
  options: ServerOptions,
  dependencies: ServerDependencies & { readonly log: Logger },
): Promise<number> {
  const { log } = dependencies;
  process.on("uncaughtException", (error) => {
    // Its own state is unknown from here on: end, in the log's format, and be started anew.
    log.fatal({ err: error }, "a fault of the server ends it");
    process.exit(1);
  });
  const server = createServer(options, dependencies);
  const stopped = new Promise<number>((resolve) => {
    let draining = false;
    const stop = () => {
      if (draining) process.exit(INTERRUPTED);
      draining = true;
      void server.drain().then(() => resolve(0));
    };
    process.on("SIGTERM", stop);
    process.on("SIGINT", stop);
  });
  const started = server.start().then(() => assertServable(server));
  // A signal may come while models are loading; what loading then says does not matter any more.
  return Promise.race([started.then(() => stopped), stopped]);
}

/** None of the models can be served; the message says why of each. */
export class NothingToServe extends Error {
  override readonly name = "NothingToServe";
  readonly exitCode = 1;
}

/**
 * A server without any model that works would only look alive: whoever started it learns the reasons from its end.
 * An empty repository is no failure, and one good model is worth serving.
 */
async function assertServable(server: Server): Promise<void> {
  // Where models may come later, there is something to wait for.
  if (server.options.modelControl !== "none") return;
  const models = server.models();
  if (models.length === 0 || models.some(({ state }) => state !== "UNAVAILABLE")) return;
  await server.close();
  const reasons = models.map(({ name, version, reason }) =>
    version ? `\`${name}\` version ${version}: ${reason}` : `\`${name}\`: ${reason}`,
  );
  throw new NothingToServe(`No model of the repository can be served: ${reasons.join("; ")}`);
}
