import { Command } from "commander";
import { exclusively } from "../operation-lock";
import { consoleProgress } from "../progress";

export function downCommand(): Command {
  return new Command("down")
    .description("destroy the local stack, then the embedded cluster; nothing is left behind")
    .addHelpText("after", "\nExamples:\n  $ npm run down")
    .action(async () => {
      const { down } = require("../down") as typeof import("../down");
      const wasUp = await exclusively("down", () => down(consoleProgress()));
      console.log(wasUp ? "Slipway is down: nothing is left running." : "Nothing was up.");
    });
}
