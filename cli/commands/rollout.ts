import { Command, InvalidArgumentError, Option } from "commander";
import {
  lateProgress,
  remindOfFile,
  serviceArgument,
  withTrafficOptions,
  type SwitchOptions,
} from "../rollout/command-options";
import type { WalkResult } from "../rollout/walk-end";
import { prometheusOption } from "./status";

/** Nothing is wrong with the candidate, but somebody has to decide. */
export const EXIT_UNDECIDED = 3;

interface Options extends SwitchOptions {
  reason?: string;
  prometheus?: string;
  keepWarm?: boolean;
  observe?: number;
  observations?: string;
  approve?: boolean;
  onInterrupt: "stay" | "rollback";
}

function parseSeconds(value: string): number {
  const seconds = Number(value);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 604_800) return seconds;
  throw new InvalidArgumentError("It must be a whole number of seconds from 1 to 604800.");
}

const HELP = `
Blue/green: the candidate is made ready, its gates run, all traffic is switched, and after \`scaleDownDelay\` the old slot
is let go. Canary: the shares of the steps one after the other, each watched for \`interval\`, then the promotion. Shadow:
requests are copied for --observe seconds. A/B test: the share is set, and both sides' users are looked at until the
strategy's \`metric\` decides: the candidate is promoted, or all traffic goes back; without a metric a person decides.
--observations takes the place of its queries: a line of JSON per user, as in {"user":"u1","slot":"green","value":1}.

A measuring gate that fails sends all traffic back at once. Interrupted (Ctrl-C, SIGTERM) it stops between two steps and
leaves traffic where it is; the same command goes on, also after a crash.

Exit status: 0 at the end of the strategy (promoted, or a shadow that ended), 1 where it failed, or an A/B test did not find
the candidate better, and traffic went back (or only the old slot could not be let go: it says so), 3 where it stopped undecided (a gate without a result, an approval to be
given, another command that took over), 130 or 143 where it was interrupted.

Examples:
  $ npx slipway rollout text
  $ npx slipway rollout text --approve --reason CHG-1234 --on-interrupt rollback   # in CI
  $ npx slipway rollout text --keep-warm`;

const EXIT: Record<WalkResult, number> = {
  promoted: 0,
  finished: 0,
  "rolled-back": 1,
  failed: 1,
  approval: EXIT_UNDECIDED,
  inconclusive: EXIT_UNDECIDED,
  "taken-over": EXIT_UNDECIDED,
  interrupted: 130,
};

export function rolloutCommand(): Command {
  return withTrafficOptions(new Command("rollout"))
    .description("walk a service's strategy step by step, judged by its gates, or go on where it stopped")
    .addArgument(serviceArgument())
    .option("--reason <text>", "why, for the record")
    .option("--approve", "give the word that approval gates ask for")
    .option("--keep-warm", "leave the old slot its pods after the promotion, and do not wait")
    .option(
      "--observe <seconds>",
      "how long a shadow, or a test that a person decides, is watched (default: 60)",
      parseSeconds,
    )
    .option("--observations <file>", "what each user of an A/B test did, read again at each look")
    .addOption(
      new Option("--on-interrupt <what>", "what an interruption does to traffic")
        .choices(["stay", "rollback"])
        .default("stay"),
    )
    .option(...prometheusOption)
    .addHelpText("after", HELP)
    .action(run);
}

async function run(service: string, options: Options): Promise<void> {
  const { openProfile, rolloutNamed } =
    require("../rollout/open-desk") as typeof import("../rollout/open-desk");
  const { reasonOf, sayOutcome } = require("../rollout/run-switch") as typeof import("../rollout/run-switch");
  const { walk } = require("../rollout/walk") as typeof import("../rollout/walk");
  const { measureBy } = require("../rollout/measure") as typeof import("../rollout/measure");
  const { noteInterruption } = require("../rollout/interruption") as typeof import("../rollout/interruption");
  const why = reasonOf(options.reason, "a rollout by hand");
  const progress = lateProgress();
  const open = await openProfile(options, "outputs", progress);
  const { signal, release, status } = noteInterruption((line) => progress.note(line));
  try {
    const desk = open.desk(rolloutNamed(open, service));
    const measure = measureBy(desk, open.prometheus);
    const { armsBy } = require("../rollout/arms") as typeof import("../rollout/arms");
    const arms = armsBy(desk, open.prometheus, options.observations);
    const end = await walk(desk, { ...options, why, signal, measure, arms });
    remindOfFile(open.store.sharedFile, progress);
    await sayOutcome(open, desk, end, options);
    process.exitCode = end.result === "interrupted" ? (status() ?? EXIT.interrupted) : EXIT[end.result];
  } finally {
    release();
    open.cluster.close();
  }
}
