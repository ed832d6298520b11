import { checkPeers } from "../internal/peer-checks";
import { checkQueueName } from "../internal/queue-names";
import { isIpv4Cidr } from "../internal/references";
import { isHostName, isPort, plainValue, type Problems } from "../internal/validation";
import type { ModelReference } from "../model/model-repository";
import type { FilledQueueWorker, KafkaQueues, RabbitMqQueues } from "./queue-worker-settings";

const KINDS = ["kafka", "rabbitmq"];
const MECHANISMS = ["plain", "scram-sha-256", "scram-sha-512"];

/** What the API server allows a stabilization window, in seconds. */
const MOST_DELAY = 3600;
const MOST_REPLICAS = 10_000;
const DAY = 86_400;

/** Records what is wrong with a worker's queues. */
export function checkQueues(queue: KafkaQueues | RabbitMqQueues, problems: Problems): void {
  if (!KINDS.includes(queue.kind)) {
    problems.add("queue.kind", `"${String(queue.kind)}" must be one of ${KINDS.join(", ")}`);
    return;
  }
  problems.check(queue.brokers.length > 0, "queue.brokers", "must name at least one broker");
  queue.brokers.forEach((broker, i) => {
    const [host = "", port = "", ...rest] = broker.split(":");
    problems.check(
      rest.length === 0 && isHostName(host) && /^\d+$/.test(port) && isPort(Number(port)),
      `queue.brokers[${i}]`,
      `"${broker}" must be of the form host:port`,
    );
  });
  const names = [
    ["requests", queue.requests],
    ["results", queue.results],
    ["deadLetters", queue.deadLetters ?? `${queue.requests}-dead-letters`],
  ] as const;
  for (const [field, name] of names) checkQueueName(queue.kind, `queue.${field}`, name, problems);
  names.forEach(([field, name], i) => {
    const other = names.slice(0, i).find(([, earlier]) => earlier === name);
    if (other) {
      problems.add(
        `queue.${field}`,
        `"${name}" must differ from \`${other[0]}\`: the worker would read what it writes`,
      );
    }
  });
  checkCredentials(queue, problems);
  if (queue.kind === "kafka") checkKafka(queue, problems);
  else {
    const { virtualHost = "/" } = queue;
    problems.check(
      virtualHost.length >= 1 && virtualHost.length <= 255,
      "queue.virtualHost",
      `"${virtualHost}" must have 1 to 255 characters`,
    );
  }
}

function checkKafka({ group, mechanism, credentials }: KafkaQueues, problems: Problems): void {
  if (group !== undefined) {
    problems.check(
      group.length >= 1 && group.length <= 255 && /^[\x21-\x7e]+$/.test(group),
      "queue.group",
      `"${group}" must have 1 to 255 printable ASCII characters without spaces`,
    );
  }
  if (mechanism === undefined) return;
  problems.check(
    MECHANISMS.includes(mechanism),
    "queue.mechanism",
    `"${mechanism}" must be one of ${MECHANISMS.join(", ")}`,
  );
  problems.check(
    credentials !== undefined,
    "queue.mechanism",
    `"${mechanism}" is of no use without \`credentials\``,
  );
}

function checkCredentials(queue: KafkaQueues | RabbitMqQueues, problems: Problems): void {
  const { credentials, certificateSecret, ca, plaintext = false } = queue;
  if (plaintext) {
    for (const [field, value] of Object.entries({ credentials, certificateSecret, ca })) {
      problems.check(
        value === undefined,
        `queue.${field}`,
        field === "credentials"
          ? "must not be given with `plaintext`: they could be read on their way"
          : "is of no use with `plaintext`",
      );
    }
  }
  problems.check(
    queue.kind === "kafka" || credentials !== undefined || certificateSecret !== undefined,
    "queue.credentials",
    "must be given, or a `certificateSecret`: RabbitMQ lets nobody in whom it does not know",
  );
  const certificate = plainValue(ca);
  problems.check(
    certificate === undefined || certificate.includes("-----BEGIN CERTIFICATE-----"),
    "queue.ca",
    "must be a certificate in PEM form",
  );
  if (credentials === undefined) return;
  if ("secretName" in credentials) {
    const name = plainValue(credentials.secretName);
    problems.check(
      name === undefined || isHostName(name),
      "queue.credentials.secretName",
      `"${name ?? ""}" must be the name of a Secret`,
    );
    problems.check(
      !("username" in credentials) && !("password" in credentials),
      "queue.credentials",
      "must have either `secretName` or `username` and `password`",
    );
    return;
  }
  for (const field of ["username", "password"] as const) {
    const given = credentials[field];
    problems.check(
      given !== undefined && plainValue(given) !== "",
      `queue.credentials.${field}`,
      "must be given and not be empty",
    );
  }
}

/** Records what is wrong with the rest, its defaults filled in. */
export function checkWorker(
  settings: FilledQueueWorker,
  models: readonly ModelReference[],
  problems: Problems,
): void {
  const whole = (field: keyof FilledQueueWorker & string, least: number, most: number) => {
    const value = settings[field] as number;
    problems.check(
      Number.isInteger(value) && value >= least && value <= most,
      field,
      `${value} must be a whole number from ${least} to ${most}`,
    );
  };
  whole("replicas", 0, MOST_REPLICAS);
  whole("maxReplicas", 1, MOST_REPLICAS);
  problems.check(
    !(settings.maxReplicas < settings.replicas),
    "maxReplicas",
    `${settings.maxReplicas} must be >= \`replicas\` (${settings.replicas})`,
  );
  whole("lagPerReplica", 1, 1_000_000_000);
  whole("activationLag", 0, 1_000_000_000);
  whole("cooldown", 0, DAY);
  whole("scaleDownDelay", 0, MOST_DELAY);
  whole("maxInFlight", 1, 10_000);
  whole("maxAttempts", 1, 1000);
  whole("drainTimeout", 1, DAY);
  const { defaultModel } = settings;
  problems.check(
    defaultModel === undefined || models.some(({ name }) => name === defaultModel),
    "defaultModel",
    `"${defaultModel ?? ""}" must be one of the worker's models: ${models.map(({ name }) => name).join(", ")}`,
  );
  problems.check(
    settings.brokerPods.length + settings.brokerCidrs.length > 0,
    "brokerPods",
    "must be given, or `brokerCidrs`: the worker may connect to nothing else",
  );
  checkPeers("brokerPods", settings.brokerPods, problems);
  settings.brokerCidrs.forEach((cidr, i) =>
    problems.check(
      isIpv4Cidr(cidr) && !cidr.endsWith("/0"),
      `brokerCidrs[${i}]`,
      `"${cidr}" must be an IPv4 range as in "10.1.0.0/16", and not all of them`,
    ),
  );
}
