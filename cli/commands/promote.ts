import { Command } from "commander";
import { serviceArgument, withTrafficOptions, type SwitchOptions } from "../rollout/command-options";
import { prometheusOption } from "./status";

interface Options extends SwitchOptions {
  reason?: string;
  prometheus?: string;
}

const HELP = `
The candidate must be ready. Its quality and job gates run before it gets any traffic; where it has some already, the
measuring gates are asked once more and must pass. The old slot keeps its pods as the way back. Counts as the approval
that a rollout waits for. Exit status: 0 where the candidate is live, also where it was before; 1 otherwise.

Examples:
  $ npx slipway promote text
  $ npx slipway promote text --reason "approved in CHG-1234"`;

export function promoteCommand(): Command {
  return withTrafficOptions(new Command("promote"))
    .description("give the candidate all traffic and make it live")
    .addArgument(serviceArgument())
    .option("--reason <text>", "why, for the record")
    .option(...prometheusOption)
    .addHelpText("after", HELP)
    .action(async (service: string, options: Options) => {
      const { runSwitch, reasonOf } =
        require("../rollout/run-switch") as typeof import("../rollout/run-switch");
      const { promote } = require("../rollout/promote") as typeof import("../rollout/promote");
      const { measureBy } = require("../rollout/measure") as typeof import("../rollout/measure");
      const why = reasonOf(options.reason, "promoted by hand");
      await runSwitch(service, options, "outputs", (desk, open) =>
        promote(desk, why, measureBy(desk, open.prometheus)),
      );
    });
}
