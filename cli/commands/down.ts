import { Command } from "commander";
import { exclusively } from "../operation-lock";
import { interruptible } from "../interruption";
import { consoleProgress } from "../progress";

export function downCommand(): Command {
  return new Command("down")
    .description("destroy the local stack, then the embedded cluster; nothing is left behind")
    .option(
      "--forget",
      "leave what the stack made on an existing cluster, and forget it: for a cluster that is gone",
    )
    .addHelpText("after", "\nExamples:\n  $ npm run down")
    .action(async (options: { forget?: boolean }) => {
      const { down } = require("../down") as typeof import("../down");
      const progress = consoleProgress();
      const wasUp = await exclusively("down", () =>
        interruptible("down", progress.note.bind(progress), () => down(progress, options)),
      );
      console.log(wasUp ? "Slipway is down: nothing is left running." : "Nothing was up.");
    });
}
