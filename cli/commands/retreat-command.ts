import { Command } from "commander";
import { serviceArgument, withTrafficOptions, type SwitchOptions } from "../rollout/command-options";

interface Options extends SwitchOptions {
  reason?: string;
  force?: boolean;
}

/** This process began so many milliseconds ago: a person's clock started then. */
const processStart = (): number => Date.now() - Math.round(process.uptime() * 1000);

/**
 * A command that sends traffic back at once.
 * @param otherwise the reason for the record where nobody gave one
 */
export function retreatCommand(
  name: "rollback" | "abort",
  description: string,
  help: string,
  otherwise: string,
): Command {
  return withTrafficOptions(new Command(name))
    .description(description)
    .addArgument(serviceArgument())
    .option("--reason <text>", "why, for the record")
    .option("--force", "send it there even where no pod answers, while the other slot's do")
    .addHelpText("after", help)
    .action(async (service: string, options: Options) => {
      const { runSwitch, reasonOf } =
        require("../rollout/run-switch") as typeof import("../rollout/run-switch");
      const { goBack } = require("../rollout/retreat") as typeof import("../rollout/retreat");
      const why = reasonOf(options.reason, otherwise);
      await runSwitch(service, options, "objects", (desk) =>
        goBack(desk, name, why, processStart(), options),
      );
    });
}
