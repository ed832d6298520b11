import { Command, CommanderError } from "commander";
import pc from "picocolors";
import { version } from "../package.json";
import { messageOf, SlipwayError } from "../toolchain/errors";
import { endChildren } from "./children";
import { doctorCommand } from "./commands/doctor";
import { downCommand } from "./commands/down";
import { inferCommand } from "./commands/infer";
import { outputsCommand } from "./commands/outputs";
import { previewCommand } from "./commands/preview";
import { apiKeyCommand, pullCommand, serveCommand } from "./commands/server";
import { renderCommand } from "./commands/render";
import { tokenCommand } from "./commands/token";
import { upCommand } from "./commands/up";
import { fileSystemSentence } from "./file-system-sentence";

/** Exit status for wrong usage, as sysexits.h has it. */
const EX_USAGE = 64;

function buildProgram(): Command {
  // Usage errors are thrown, so that all of them leave with the same status.
  const configured = (command: Command): Command =>
    command
      .showSuggestionAfterError()
      .exitOverride()
      .configureOutput({ outputError: (text, write) => write(pc.red(text)) });
  const program = configured(new Command("slipway"))
    .description("A model-serving platform: gateway, inference server, monitoring and policies.")
    .version(version)
    // `infer --version 4` is the model's version, not ours.
    .enablePositionalOptions();
  const commands = [
    upCommand(),
    downCommand(),
    doctorCommand(),
    outputsCommand(),
    tokenCommand(),
    inferCommand(),
    serveCommand(),
    pullCommand(),
    apiKeyCommand(),
    previewCommand(),
    renderCommand(),
  ];
  for (const command of commands) program.addCommand(configured(command));
  return program;
}

/** Runs the command line and sets the exit status: 64 for wrong usage, the error's own status otherwise. */
export async function main(argv: string[]): Promise<void> {
  const program = buildProgram();
  try {
    if (argv.length === 0) return program.outputHelp();
    await program.parseAsync(argv, { from: "user" });
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
