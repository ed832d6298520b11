import { Command } from "commander";
import { serviceArgument, withTrafficOptions, type SwitchOptions } from "../rollout/command-options";

interface Options extends SwitchOptions {
  reason?: string;
}

const HELP = `
While traffic is split it all goes to the live slot; after a promotion it goes back to the slot that was live before, at
once while that is warm. The routes are moved first, then the stack records it. Exit status: 0 where traffic is where
it belongs, also where nothing had to be moved; 1 where it could not be moved or recorded.

Examples:
  $ npx slipway rollback text
  $ npx slipway rollback text --reason "wrong labels for customer 7"
  $ npx slipway rollback text --profile onprem --context prod`;

/** This process began so many milliseconds ago: a person's clock started then. */
export const processStart = (): number => Date.now() - Math.round(process.uptime() * 1000);

export function rollbackCommand(): Command {
  return withTrafficOptions(new Command("rollback"))
    .description("send a service's traffic back: to the live slot, or after a promotion to the one before")
    .addArgument(serviceArgument())
    .option("--reason <text>", "why, for the record")
    .addHelpText("after", HELP)
    .action(async (service: string, options: Options) => {
      const { runSwitch, reasonOf } =
        require("../rollout/run-switch") as typeof import("../rollout/run-switch");
      const { goBack } = require("../rollout/retreat") as typeof import("../rollout/retreat");
      const why = reasonOf(options.reason, "rolled back by hand");
      await runSwitch(service, options, "objects", (desk) => goBack(desk, "rollback", why, processStart()));
    });
}
