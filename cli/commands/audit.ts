import { Command, InvalidArgumentError, Option } from "commander";
import { isDay } from "../../audit/day";
import { SlipwayError } from "../../toolchain/errors";
import { assertCheckout } from "../checkout";
import type { AuditOptions } from "../audit/run-audit";
import { profileArgument } from "./preview";

const EX_USAGE = 64;
/** @see audit/waivers/apply-waivers.ts, which is not loaded for a command line's help */
const DEFAULT_MAX_WAIVER_DAYS = 180;

const HELP = `
What is judged: the file that --state or --events names; else the state of the profile, where it is up on this machine or
PULUMI_BACKEND_URL names the backend that has it; else, and with --preview, what an update would make. Nothing of it
asks a cluster or a cloud.

Exit status: 0 where no mandatory control fails unwaived, 2 where one does, a waiver does not hold, or the run that --events
names did not judge a mandatory control (the reports are written all the same), 64 for wrong usage, 65 for a file that cannot
be judged.

Examples:
  $ npx slipway audit local
  $ npx slipway audit aws --preview --out reports --sign audit-key.pem
  $ pulumi stack export > state.json && npx slipway audit aws --state state.json
  $ npx slipway audit verify reports/report.json --key audit-key.pub.pem
  $ npx slipway audit diff last/report.json reports/report.json`;

export function auditCommand(): Command {
  return new Command("audit")
    .description("report on every control: passed, failed, waived, not applicable or not known yet, and why")
    .enablePositionalOptions()
    .addArgument(profileArgument())
    .option("--state <file>", "judge this state: what `pulumi stack export` prints")
    .option("--events <file>", "judge this log of a preview or an update: what `--event-log` writes")
    .option("--preview", "judge what an update would make, also where the profile is up")
    .option("--out <dir>", "folder for the reports (default: audit-report)")
    .option("--waivers <file>", "who answers for which failure until when (default: waivers.yaml, if there)")
    .option(
      "--max-waiver-days <days>",
      "longest time that a waiver may go on",
      parseDays,
      DEFAULT_MAX_WAIVER_DAYS,
    )
    .addOption(
      new Option(
        "--fail-on <state>",
        "exit with 2 also where that is the state of a mandatory control",
      ).choices(["indeterminate"]),
    )
    .option("--as-of <date>", "the day that expiry is judged by (default: today, UTC)", parseDay)
    .option("--policy-config <file>", "enforcement and parameters, as the engine's --policy-pack-config")
    .option("--sign <keyfile>", "sign report.json with this Ed25519 key (PKCS#8 PEM)")
    .option("--json", "print report.json on standard output; files are written with --out only")
    .addHelpText("after", HELP)
    .addCommand(verifyCommand())
    .addCommand(diffCommand())
    .action(run);
}

type Options = Omit<AuditOptions, "asOf"> & { asOf?: string };

async function run(profile: string, options: Options): Promise<void> {
  const sources = (["state", "events", "preview"] as const).filter((name) => options[name] !== undefined);
  if (sources.length > 1) {
    const named = sources.map((name) => `\`--${name}\``).join(" and ");
    throw new SlipwayError(`${named} each say what is judged; leave one of them out`, EX_USAGE);
  }
  // Who names a file of his own stack needs no profile's program.
  if (options.state === undefined && options.events === undefined) assertCheckout();
  const { runAudit } = require("../audit/run-audit") as typeof import("../audit/run-audit");
  const today = new Date().toISOString().slice(0, 10);
  await runAudit(profile, { ...options, asOf: options.asOf ?? today });
}

function verifyCommand(): Command {
  return new Command("verify")
    .description("prove that a report is what was signed")
    .argument("<report>", "report.json")
    .requiredOption("--key <file>", "public key of the signer, Ed25519 in PEM")
    .addHelpText(
      "after",
      "\nExit status: 0 where it is unaltered, 1 where it is not, 65 where it is no report.",
    )
    .action((report: string, { key }: { key: string }) => {
      const { runVerify } = require("../audit/run-verify") as typeof import("../audit/run-verify");
      runVerify(report, key);
    });
}

function diffCommand(): Command {
  return new Command("diff")
    .description("say what changed between two reports of a stack")
    .argument("<old>", "the earlier report.json")
    .argument("<new>", "the later report.json")
    .option("--json", "machine-readable")
    .addHelpText("after", "\nExit status: 0, or 2 where a mandatory control fails that did not fail before.")
    .action((before: string, after: string, options: { json?: boolean }) => {
      const { runDiff } = require("../audit/run-diff") as typeof import("../audit/run-diff");
      runDiff(before, after, options);
    });
}

function parseDay(value: string): string {
  if (isDay(value)) return value;
  throw new InvalidArgumentError("It must be a day of the calendar like 2026-12-31.");
}

function parseDays(value: string): number {
  const days = Number(value);
  if (/^\d{1,5}$/.test(value) && days >= 1) return days;
  throw new InvalidArgumentError("It must be a whole number of days from 1 to 99999.");
}
