import { Command } from "commander";
import { serviceArgument, withTrafficOptions, type SwitchOptions } from "../rollout/command-options";
import { processStart } from "./rollback";

interface Options extends SwitchOptions {
  reason?: string;
}

const HELP = `
The candidate keeps its pods: \`rollout\` may begin anew. A promotion is not taken back: that is what \`rollback\` does.

Examples:
  $ npx slipway abort text
  $ npx slipway abort text --reason "release postponed"`;

export function abortCommand(): Command {
  return withTrafficOptions(new Command("abort"))
    .description("end a rollout in progress: all traffic goes to the live slot")
    .addArgument(serviceArgument())
    .option("--reason <text>", "why, for the record")
    .addHelpText("after", HELP)
    .action(async (service: string, options: Options) => {
      const { runSwitch, reasonOf } =
        require("../rollout/run-switch") as typeof import("../rollout/run-switch");
      const { goBack } = require("../rollout/retreat") as typeof import("../rollout/retreat");
      const why = reasonOf(options.reason, "aborted by hand");
      await runSwitch(service, options, "objects", (desk) => goBack(desk, "abort", why, processStart()));
    });
}
