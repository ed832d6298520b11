import { Command } from "commander";
import { SlipwayError } from "../../toolchain/errors";
import { consoleProgress } from "../progress";

/** What takes less needs no word. */
const QUIET_MS = 2000;

/** Parses its own flags, as the server does. */
export function baselineCommand(): Command {
  return new Command("baseline")
    .description(
      "profile training data, or with --from a service's requests, for the server to tell drift from",
    )
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .argument("[flags...]")
    .action(async (_flags, _options, command: Command) => {
      if (command.args.some((argument) => argument === "--from" || argument.startsWith("--from="))) {
        const { baselineFromCommand } =
          require("../drift/baseline-from") as typeof import("../drift/baseline-from");
        await below(command, baselineFromCommand()).parseAsync([...command.args], { from: "user" });
        return;
      }
      const { baseline } =
        require("../../runtime/drift/baseline-command") as typeof import("../../runtime/drift/baseline-command");
      try {
        process.exitCode = await baseline(command.args, quietProgress());
      } catch (error) {
        const { exitCode } = error as { exitCode?: unknown };
        if (!(error instanceof Error) || typeof exitCode !== "number") throw error;
        throw new SlipwayError(error.message, exitCode, { cause: error });
      }
    });
}

/** Usage errors of one that is made late are thrown as those of the others are; unlike the outer one it has a help of its own. */
const below = (command: Command, late: Command): Command =>
  late.copyInheritedSettings(command).helpOption("-h, --help");

/** Says where it stands on stderr, once it has taken long enough for a person to ask. */
function quietProgress() {
  const progress = consoleProgress();
  const startedAt = Date.now();
  let task: ReturnType<typeof progress.start> | undefined;
  return {
    update(text: string) {
      if (Date.now() - startedAt < QUIET_MS) return;
      task ??= progress.start("baseline");
      task.update(text);
    },
    note: (text: string) => progress.note(text),
    end: (failed: boolean) => (failed ? task?.fail() : task?.done()),
  };
}
