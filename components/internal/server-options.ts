import {
  ENV,
  GRPC_PORT,
  HTTP_PORT,
  METRICS_PORT,
  MODEL_REPOSITORY_PATH,
  TLS_PATH,
} from "../../runtime/contract";

/** Options of the server that the component itself sets: a service's own options may not name them. */
const RESERVED: readonly string[] = [
  ENV.modelRepository,
  ENV.httpPort,
  ENV.grpcPort,
  ENV.metricsPort,
  ENV.tlsCert,
  ENV.tlsKey,
  ENV.drainDelay,
  ENV.drainTimeout,
];

/** `max-queue-size` or `maxQueueSize` → `SLIPWAY_MAX_QUEUE_SIZE`, as the server derives a variable from a flag. */
export function variableOf(option: string): string {
  const kebab = option.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
  return `SLIPWAY_${kebab.replaceAll("-", "_").toUpperCase()}`;
}

/** What is wrong with the name of an option, or undefined. */
export function optionProblem(option: string): string | undefined {
  if (!/^[a-z][a-zA-Z0-9-]*$/.test(option))
    return `"${option}" must be an option of the server, as in "maxQueueSize"`;
  if (RESERVED.includes(variableOf(option)))
    return `"${option}" is set by the component and may not be given`;
  return undefined;
}

/** The server's environment: the data of a service's ConfigMap. Times in seconds. */
export function serverEnvironment(settings: {
  drainDelay: number;
  drainTimeout: number;
  options: Readonly<Record<string, string | number | boolean>>;
}): Record<string, string> {
  const own = Object.entries(settings.options).map(([option, value]) => [variableOf(option), String(value)]);
  return {
    ...(Object.fromEntries(own) as Record<string, string>),
    [ENV.modelRepository]: MODEL_REPOSITORY_PATH,
    [ENV.httpPort]: String(HTTP_PORT),
    [ENV.grpcPort]: String(GRPC_PORT),
    [ENV.metricsPort]: String(METRICS_PORT),
    [ENV.tlsCert]: `${TLS_PATH}/tls.crt`,
    [ENV.tlsKey]: `${TLS_PATH}/tls.key`,
    [ENV.drainDelay]: String(settings.drainDelay),
    [ENV.drainTimeout]: String(settings.drainTimeout),
  };
}
