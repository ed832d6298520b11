import { createLogger } from "../log";
import { describeOptions, parseArguments } from "../option-table";
import { resolveServerOptions, SERVER_OPTION_TOPICS, SERVER_OPTIONS } from "../options";
import { requireRepository } from "../require-repository";
import { stayUntilStopped } from "../serve";
import { checkBrokerAccess } from "./broker-access";
import {
  CONSUMER_OPTION_TOPICS,
  CONSUMER_OPTIONS,
  resolveConsumerOptions,
  type ConsumerOptions,
} from "./consumer-options";
import { createQueue } from "./create-queue";
import { QueueFeed } from "./queue-feed";

const HELP = `Usage: slipway consume --broker kafka|rabbitmq --broker-addresses HOST:PORT,… --requests NAME
         --results NAME --dead-letters NAME --model-repository DIR [options]

Answers V2 inference requests of a Kafka topic or a RabbitMQ queue, besides serving as \`slipway serve\` does.

Options of the queues (each also as environment variable):
${describeOptions(CONSUMER_OPTIONS, CONSUMER_OPTION_TOPICS)}

Options of the server:
${describeOptions(SERVER_OPTIONS, SERVER_OPTION_TOPICS)}
`;

/**
 * `slipway consume`: stays until SIGTERM or SIGINT, then finishes what it has taken and leaves the queue.
 * @returns the exit status
 * @throws UsageError, PortUnavailable or NothingToServe
 */
export async function consume(argv: readonly string[]): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(HELP);
    return 0;
  }
  const table = { ...CONSUMER_OPTIONS, ...SERVER_OPTIONS };
  const { values } = parseArguments(table, "consume", argv, process.env);
  const of = (keys: object) =>
    Object.fromEntries(Object.entries(values).filter(([key]) => Object.hasOwn(keys, key)));
  const consumer = resolveConsumerOptions(of(CONSUMER_OPTIONS) as Partial<ConsumerOptions>);
  const options = requireRepository(resolveServerOptions(of(SERVER_OPTIONS)));
  checkBrokerAccess(consumer);
  const log = createLogger(options.logLevel);
  if (!consumer.brokerTls) log.warn("the connection to the broker is not encrypted");
  return stayUntilStopped(options, {
    log,
    feed: ({ accounts }) =>
      new QueueFeed(createQueue(consumer, log), accounts, { ...options, ...consumer }, log),
  });
}
