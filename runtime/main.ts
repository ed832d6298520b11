/** Entry of the image, and what `slipway serve`, `slipway pull` and `slipway api-key` delegate to. */
import { messageOf } from "./message-of";
import { VERSION } from "./version";

const HELP = `Usage: slipway COMMAND

  serve    serve the models of a folder (the default)
  consume  serve, and answer the requests of a Kafka topic or a RabbitMQ queue
  pull     fetch models and verify their digests
  api-key  make an API key, and its line for \`serve --api-keys-file\`
  lambda   serve models as an AWS Lambda function
  gate     judge a candidate's answers to questions with known answers, beside the live slot's
  compare  compare the answers that both slots gave to the same requests
  retraining-trigger  have a model trained again when an alert says so

\`slipway COMMAND --help\` lists the options of a command.
`;

/** Failures that name thing, value and mend in their message. */
interface Expected {
  readonly exitCode: number;
}

function isExpected(error: unknown): error is Error & Expected {
  return error instanceof Error && typeof (error as Partial<Expected>).exitCode === "number";
}

async function run(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    if (isExpected(error)) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = error.exitCode;
    } else {
      process.stderr.write(`slipway failed: ${messageOf(error)}\n`);
      process.exitCode = 1;
    }
  }
}

/** `slipway serve`: returns when the server has stopped, with `process.exitCode` set. */
export async function runServe(argv: readonly string[]): Promise<void> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded on use; `import()` cannot load TypeScript in a checkout
  await run(() => (require("./serve") as typeof import("./serve")).serve(argv));
}

/** `slipway consume`: returns when the queue is left and the server has stopped, with `process.exitCode` set. */
export async function runConsume(argv: readonly string[]): Promise<void> {
  await run(() => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded on use; `import()` cannot load TypeScript in a checkout
    return (require("./consumer/consume-command") as typeof import("./consumer/consume-command")).consume(
      argv,
    );
  });
}

/** `slipway pull`: returns when the models are there or could not be had, with `process.exitCode` set. */
export async function runPull(argv: readonly string[]): Promise<void> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded on use; `import()` cannot load TypeScript in a checkout
  await run(() => (require("./pull/pull-command") as typeof import("./pull/pull-command")).pull(argv));
}

/** `slipway api-key`: prints a new key, with `process.exitCode` set. */
export async function runApiKey(argv: readonly string[]): Promise<void> {
  await run(async () => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded on use; `import()` cannot load TypeScript in a checkout
    return (require("./auth/api-key-command") as typeof import("./auth/api-key-command")).apiKey(argv);
  });
}

/** `slipway lambda`: answers events until AWS Lambda ends the process. */
export async function runLambda(argv: readonly string[]): Promise<void> {
  await run(() => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded on use; `import()` cannot load TypeScript in a checkout
    return (require("./lambda/lambda-command") as typeof import("./lambda/lambda-command")).lambda(argv);
  });
}

/** `slipway gate`: judges a candidate's answers, with `process.exitCode` set. */
export async function runGate(argv: readonly string[]): Promise<void> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded on use; `import()` cannot load TypeScript in a checkout
  await run(() => (require("./gate/gate-command") as typeof import("./gate/gate-command")).gate(argv));
}

/** `slipway compare`: returns when the comparator was told to stop, with `process.exitCode` set. */
export async function runCompare(argv: readonly string[]): Promise<void> {
  await run(() => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded on use; `import()` cannot load TypeScript in a checkout
    return (require("./comparator/compare-command") as typeof import("./comparator/compare-command")).compare(
      argv,
    );
  });
}

/** `slipway retraining-trigger`: returns when the trigger was told to stop, with `process.exitCode` set. */
export async function runRetrainingTrigger(argv: readonly string[]): Promise<void> {
  type Command = typeof import("./retraining/retraining-command");
  await run(() => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded on use; `import()` cannot load TypeScript in a checkout
    const { retrainingTrigger } = require("./retraining/retraining-command") as Command;
    return retrainingTrigger(argv);
  });
}

async function main([command = "serve", ...argv]: string[]): Promise<void> {
  switch (command) {
    case "serve":
      return runServe(argv);
    case "consume":
      return runConsume(argv);
    case "pull":
      return runPull(argv);
    case "api-key":
      return runApiKey(argv);
    case "lambda":
      return runLambda(argv);
    case "gate":
      return runGate(argv);
    case "compare":
      return runCompare(argv);
    case "retraining-trigger":
      return runRetrainingTrigger(argv);
    case "--version":
      process.stdout.write(`${VERSION}\n`);
      return;
    case "--help":
    case "-h":
      process.stdout.write(HELP);
      return;
    default:
      process.stderr.write(
        `Unknown command \`${command}\`; there are serve, consume, pull, api-key, lambda, gate, compare and retraining-trigger.\n`,
      );
      process.exitCode = 64;
  }
}

if (require.main === module) {
  // Whatever still holds the event loop, e.g. a connection cut off while draining, must not keep the process.
  void main(process.argv.slice(2)).then(() => process.exit());
}
