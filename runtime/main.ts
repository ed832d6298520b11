/** Entry of the image, and what `slipway serve`, `slipway pull` and `slipway api-key` delegate to. */
import { messageOf } from "./message-of";
import { VERSION } from "./version";

const HELP = `Usage: slipway COMMAND

  serve    serve the models of a folder (the default)
  pull     fetch models and verify their digests
  api-key  make an API key, and its line for \`serve --api-keys-file\`

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

async function main([command = "serve", ...argv]: string[]): Promise<void> {
  switch (command) {
    case "serve":
      return runServe(argv);
    case "pull":
      return runPull(argv);
    case "api-key":
      return runApiKey(argv);
    case "--version":
      process.stdout.write(`${VERSION}\n`);
      return;
    case "--help":
    case "-h":
      process.stdout.write(HELP);
      return;
    default:
      process.stderr.write(`Unknown command \`${command}\`; there are serve, pull and api-key.\n`);
      process.exitCode = 64;
  }
}

if (require.main === module) {
  // Whatever still holds the event loop, e.g. a connection cut off while draining, must not keep the process.
  void main(process.argv.slice(2)).then(() => process.exit());
}
