import { Command, CommanderError } from "commander";
import pc from "picocolors";
import { version } from "../package.json";
import { messageOf, SlipwayError } from "../toolchain/errors";
import { endChildren } from "./children";
import { fileSystemSentence } from "./file-system-sentence";

/** Exit status for wrong usage, as sysexits.h has it. */
const EX_USAGE = 64;

/** Each loaded only when it is asked for: a command in a hurry must not wait for what the others need. */
const COMMANDS: Readonly<Record<string, () => Command>> = {
  up: () => (require("./commands/up") as typeof import("./commands/up")).upCommand(),
  down: () => (require("./commands/down") as typeof import("./commands/down")).downCommand(),
  doctor: () => (require("./commands/doctor") as typeof import("./commands/doctor")).doctorCommand(),
  outputs: () => (require("./commands/outputs") as typeof import("./commands/outputs")).outputsCommand(),
  token: () => (require("./commands/token") as typeof import("./commands/token")).tokenCommand(),
  infer: () => (require("./commands/infer") as typeof import("./commands/infer")).inferCommand(),
  serve: () => (require("./commands/server") as typeof import("./commands/server")).serveCommand(),
  consume: () => (require("./commands/server") as typeof import("./commands/server")).consumeCommand(),
  pull: () => (require("./commands/server") as typeof import("./commands/server")).pullCommand(),
  "api-key": () => (require("./commands/server") as typeof import("./commands/server")).apiKeyCommand(),
  gate: () => (require("./commands/server") as typeof import("./commands/server")).gateCommand(),
  compare: () => (require("./commands/server") as typeof import("./commands/server")).compareCommand(),
  "retraining-trigger": () =>
    (require("./commands/server") as typeof import("./commands/server")).retrainingTriggerCommand(),
  baseline: () => (require("./commands/baseline") as typeof import("./commands/baseline")).baselineCommand(),
  drift: () => (require("./commands/drift") as typeof import("./commands/drift")).driftCommand(),
  preview: () => (require("./commands/preview") as typeof import("./commands/preview")).previewCommand(),
  audit: () => (require("./commands/audit") as typeof import("./commands/audit")).auditCommand(),
  render: () => (require("./commands/render") as typeof import("./commands/render")).renderCommand(),
  status: () => (require("./commands/status") as typeof import("./commands/status")).statusCommand(),
  promote: () => (require("./commands/promote") as typeof import("./commands/promote")).promoteCommand(),
  rollback: () => (require("./commands/rollback") as typeof import("./commands/rollback")).rollbackCommand(),
  abort: () => (require("./commands/abort") as typeof import("./commands/abort")).abortCommand(),
  rollout: () => (require("./commands/rollout") as typeof import("./commands/rollout")).rolloutCommand(),
  record: () => (require("./commands/record") as typeof import("./commands/record")).recordCommand(),
};

export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

function buildProgram(argv: readonly string[]): Command {
  // Usage errors are thrown, so that all of them leave with the same status.
  const configured = (command: Command): Command => {
    for (const below of command.commands) configured(below);
    return command
      .showSuggestionAfterError()
      .exitOverride()
      .configureOutput({ outputError: (text, write) => write(pc.red(text)) });
  };
  const program = configured(new Command("slipway"))
    .description("A model-serving platform: gateway, inference server, monitoring and policies.")
    .version(version)
    // `infer --version 4` is the model's version, not ours.
    .enablePositionalOptions();
  const [asked = ""] = argv;
  const wanted = Object.hasOwn(COMMANDS, asked) ? [COMMANDS[asked]!] : Object.values(COMMANDS);
  for (const command of wanted) program.addCommand(configured(command()));
  return program;
}

/** Help of a command that there is not is no answer: what follows such a word is passed over. */
const isUnknown = (asked: string): boolean =>
  !asked.startsWith("-") && asked !== "help" && !Object.hasOwn(COMMANDS, asked);

/** Runs the command line and sets the exit status: 64 for wrong usage, the error's own status otherwise. */
export async function main(argv: string[]): Promise<void> {
  try {
    const program = buildProgram(argv);
    if (argv.length === 0) return program.outputHelp();
    await program.parseAsync(isUnknown(argv[0]!) ? [argv[0]!] : argv, { from: "user" });
  } catch (error) {
    process.exitCode = report(error);
    // What runs beside the part that failed would keep this process, and a compiler would even outlive it.
    endChildren();
    process.exit();
  }
}

function report(error: unknown): number {
  // Commander has already printed its sentence (or the help that was asked for).
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EX_USAGE;
  if (error instanceof SlipwayError) {
    console.error(pc.red(`error: ${error.message}`));
    return error.exitCode;
  }
  const sentence = fileSystemSentence(error);
  if (sentence !== undefined) {
    console.error(pc.red(`error: ${sentence}`));
    return 1;
  }
  console.error(pc.red(`error: ${messageOf(error)}`));
  const stack = error instanceof Error ? error.stack : undefined;
  if (process.env.SLIPWAY_DEBUG && stack) console.error(stack);
  else console.error(pc.dim("SLIPWAY_DEBUG=1 shows where this came from."));
  return 1;
}
