import {
  ENV,
  GRPC_PORT,
  HTTP_PORT,
  MAX_BODY_BYTES,
  METRICS_PORT,
  MODEL_REPOSITORY_PATH,
  TLS_PATH,
  TUNABLE_OPTIONS,
} from "../../runtime/contract";
import { byteCount } from "./quantity";
import { UPSTREAM_IDLE } from "./traffic-policy";

/**
 * Seconds that the server leaves a connection open on which nothing comes, before its first request and after any. Longer
 * than the gateway does: were it the server that closes one, the gateway might just be sending a request on it.
 */
const SERVER_IDLE = UPSTREAM_IDLE + 15;

/** `max-queue-size` or `maxQueueSize` → `SLIPWAY_MAX_QUEUE_SIZE`, as the server derives a variable from a flag. */
export function variableOf(option: string): string {
  const kebab = option.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
  return `SLIPWAY_${kebab.replaceAll("-", "_").toUpperCase()}`;
}

/** What is wrong with the name of an option, or undefined. */
export function optionProblem(option: string): string | undefined {
  // The server leaves variables alone that it does not know: a misspelt one would silently do nothing.
  const tunable = TUNABLE_OPTIONS.some((known) => variableOf(known) === variableOf(option));
  return tunable ? undefined : `"${option}" must be one of ${TUNABLE_OPTIONS.join(", ")}`;
}

/** The server's environment: the data of a service's ConfigMap. Times in seconds. */
export function serverEnvironment(settings: {
  drainDelay: number;
  drainTimeout: number;
  memoryLimit: string;
  /** Bytes of the models that lie in the pod's memory; 0 where nobody said. */
  modelBytes?: number;
  options: Readonly<Record<string, string | number | boolean>>;
}): Record<string, string> {
  const given = Object.entries(settings.options).map(([option, value]) => [
    variableOf(option),
    String(value),
  ]);
  const own = Object.fromEntries(given) as Record<string, string>;
  return {
    ...memoryLimits(settings.memoryLimit, settings.modelBytes ?? 0, own[ENV.maxBodyBytes]),
    ...own,
    [ENV.modelRepository]: MODEL_REPOSITORY_PATH,
    [ENV.httpPort]: String(HTTP_PORT),
    [ENV.grpcPort]: String(GRPC_PORT),
    [ENV.metricsPort]: String(METRICS_PORT),
    [ENV.tlsCert]: `${TLS_PATH}/tls.crt`,
    [ENV.tlsKey]: `${TLS_PATH}/tls.key`,
    [ENV.headerTimeout]: String(SERVER_IDLE),
    [ENV.requestTimeout]: String(SERVER_IDLE),
    [ENV.idleTimeout]: String(SERVER_IDLE),
    [ENV.drainDelay]: String(settings.drainDelay),
    [ENV.drainTimeout]: String(settings.drainTimeout),
  };
}

/**
 * What a pod of this size can take, where its options do not say otherwise.
 * A body: parsed, the worst of JSON (`{},{},…`) takes twenty times its own size, and the heap is half of the memory.
 * All bodies held: a quarter, as tensors and answers take up to as much again, small models and the process the rest. What
 * large models take is not there for requests.
 */
function memoryLimits(
  memoryLimit: string,
  modelBytes: number,
  maxBodyBytes: string | undefined,
): Record<string, string> {
  const limit = byteCount(memoryLimit) ?? 0;
  const memory = Math.max(limit - modelBytes, limit / 16);
  const body = maxBodyBytes ?? Math.min(MAX_BODY_BYTES, Math.floor(memory / 64));
  const pending = Math.max(Math.floor(memory / 4), Number(body) || 0);
  return { [ENV.maxBodyBytes]: String(body), [ENV.maxPendingBytes]: String(pending) };
}
