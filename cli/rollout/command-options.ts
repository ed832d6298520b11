import { Argument, Option, type Command } from "commander";
import type { Progress } from "../../toolchain/progress";
import { LOCAL_PROFILE } from "../local-profile";

export interface SwitchOptions {
  profile: string;
  context?: string;
  json?: boolean;
}

// Reading profiles takes a YAML reader, which traffic must not wait for.
const parseProfile = (value: string): string =>
  (require("../profiles") as typeof import("../profiles")).parseProfile(value);

/**
 * Options that every command about traffic takes.
 * @param json whether `--json` is the flag that asks for a machine-readable answer
 */
export function withTrafficOptions(command: Command, json = true): Command {
  if (json) command.option("--json", "machine-readable");
  return command
    .addOption(
      new Option("--profile <profile>", "the stack's profile").argParser(parseProfile).default(LOCAL_PROFILE),
    )
    .option(
      "--context <name>",
      "context of the kubeconfig (default: the current one; KUBECONFIG names the file)",
    );
}

export const serviceArgument = () => new Argument("<service>", "name of the Rollout, as `status` lists it");

/** Who loads what draws on a terminal only when there is something to draw: traffic must not wait for it. */
export function lateProgress(quiet = false): Progress {
  let real: Progress | undefined;
  const load = () => {
    const { consoleProgress } = require("../progress") as typeof import("../progress");
    return (real ??= consoleProgress());
  };
  return {
    start: (title) => (quiet ? { update() {}, done() {}, fail() {} } : load().start(title)),
    note: (line) => {
      if (quiet) return;
      if (real) real.note(line);
      else process.stderr.write(`${line}\n`);
    },
  };
}

/** The file that has to be committed after a switch of a stack that others work on. */
export function remindOfFile(file: string | undefined, progress: Progress): void {
  if (file)
    progress.note(`${file} says now what is so; commit it, or the next update from elsewhere is refused.`);
}
