import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import { closed, listening } from "../listener";
import { createLogger } from "../log";
import { describeOptions, parseArguments } from "../option-table";
import { KeyPairWatcher } from "../tls";
import { CallerAccess } from "./caller-access";
import { retrainingRegistry } from "./retraining-metrics";
import {
  resolveRetrainingOptions,
  RETRAINING_OPTION_TOPICS,
  RETRAINING_OPTIONS,
  type RetrainingOptions,
} from "./retraining-options";
import { createRetrainingServer, createScrapedServer } from "./retraining-server";
import { RetrainingTrigger } from "./retraining-trigger";
import { StateFile } from "./state-file";
import { TargetClient } from "./target-client";

const HELP = `Usage: slipway retraining-trigger --target http|argo-workflows|kubeflow|github|airflow
         --state-file FILE --token-file FILE [options]

Receives Alertmanager's webhooks at POST /v1/alerts, and has the target train a model again whose alert fires.

Options (each also as environment variable):
${describeOptions(RETRAINING_OPTIONS, RETRAINING_OPTION_TOPICS)}

Example:
  slipway retraining-trigger --target github --github-repository acme/models --target-token-file token \\
    --token-file caller-token --state-file state.json
`;

/**
 * `slipway retraining-trigger`: stays until SIGTERM or SIGINT.
 * @returns the exit status
 * @throws UsageError
 */
export async function retrainingTrigger(argv: readonly string[]): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(HELP);
    return 0;
  }
  const { values } = parseArguments(RETRAINING_OPTIONS, "retraining-trigger", argv, process.env);
  const options = resolveRetrainingOptions(values);
  const running = await startRetrainingTrigger(options, createLogger(options.logLevel));
  await new Promise<void>((resolve) => {
    process.once("SIGTERM", resolve);
    process.once("SIGINT", resolve);
  });
  await running.close();
  return 0;
}

export interface RunningTrigger {
  readonly port: number;
  /** Undefined where `metricsPort` is. */
  readonly metricsPort: number | undefined;
  readonly trigger: RetrainingTrigger;
  close(): Promise<void>;
}

/** Listens, and goes on with what an earlier process left. @throws UsageError where a file or a port cannot be used */
export async function startRetrainingTrigger(
  options: RetrainingOptions,
  log: Logger,
): Promise<RunningTrigger> {
  const { tlsCert, tlsKey, target } = options;
  const access = new CallerAccess(options);
  const client = new TargetClient(options);
  const state = new StateFile(options.stateFile);
  const before = state.read(log);
  // Where it cannot be written, that is said now.
  state.requireWritable(before);
  const trigger = new RetrainingTrigger({
    ...options,
    send: (event) => client.send(event),
    state,
    before,
    log,
  });
  const tls = tlsCert && tlsKey ? KeyPairWatcher.open({ cert: tlsCert, key: tlsKey }, log) : undefined;
  const registry = retrainingRegistry(trigger);
  const server = createRetrainingServer({ ...options, trigger, registry, access, log, tls });
  const scraped = options.metricsPort === undefined ? undefined : createScrapedServer({ registry, log });
  const close = async () => {
    tls?.close();
    await Promise.all([server, scraped].map((one) => one && closed(one)));
    await trigger.stop();
    await client.close();
  };
  try {
    await listening(server, options.host, options.httpPort, "--http-port");
    if (scraped) await listening(scraped, options.host, options.metricsPort!, "--metrics-port");
  } catch (error) {
    await close();
    throw error;
  }
  trigger.start();
  const { port } = server.address() as AddressInfo;
  const metricsPort = (scraped?.address() as AddressInfo | undefined)?.port;
  const { pending } = trigger;
  log.info({ port, metricsPort, target, tls: tls !== undefined, pending }, "takes alerts");
  return { port, metricsPort, trigger, close };
}
