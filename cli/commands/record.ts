import { Command } from "commander";
import {
  serviceArgument,
  withTrafficOptions,
  lateProgress,
  type SwitchOptions,
} from "../rollout/command-options";

interface Options extends Omit<SwitchOptions, "json"> {
  json?: string;
  html?: string;
  verify?: boolean;
}

const HELP = `
Every switch of a service's traffic is an entry: who, when, what, why, the gates' numbers. Entries are chained by hash and
signed; the stack's outputs repeat the head of the last update. Exit status of --verify: 0 where the record is whole, 1
where an entry was altered, moved or removed. - as a file is standard output.

Examples:
  $ npx slipway record text
  $ npx slipway record text --verify
  $ npx slipway record text --html change-ticket.html --json record.jsonl`;

export function recordCommand(): Command {
  const command = new Command("record");
  return withTrafficOptions(command, false)
    .description("show, check and export the audit record of a service's switches")
    .addArgument(serviceArgument())
    .option("--json <file>", "write every entry as a line of JSON")
    .option("--html <file>", "write one page for people: timeline, weights, gates")
    .option(
      "--verify",
      "check hashes, signatures, and the heads that the stack's outputs and this machine noted",
    )
    .addHelpText("after", HELP)
    .action(async (service: string, options: Options) => {
      const { OutputFile } = require("../output-file") as typeof import("../output-file");
      const files = {
        json: options.json === undefined ? undefined : new OutputFile("--json", options.json),
        html: options.html === undefined ? undefined : new OutputFile("--html", options.html),
      };
      const { openProfile, rolloutNamed } =
        require("../rollout/open-desk") as typeof import("../rollout/open-desk");
      const { showRecord } = require("../rollout/show-record") as typeof import("../rollout/show-record");
      const open = await openProfile(
        { profile: options.profile, context: options.context },
        "outputs",
        lateProgress(true),
      );
      try {
        await showRecord(open, rolloutNamed(open, service), { ...files, verify: options.verify });
      } finally {
        open.cluster.close();
      }
    });
}
