import { Command } from "commander";
import { exclusively } from "../operation-lock";
import { interruptible } from "../interruption";
import { consoleProgress } from "../progress";

export function downCommand(): Command {
  return new Command("down")
    .description("destroy the local stack, then the embedded cluster; nothing is left behind")
    .addHelpText("after", "\nExamples:\n  $ npm run down")
    .action(async () => {
      const { down } = require("../down") as typeof import("../down");
      const progress = consoleProgress();
      const wasUp = await exclusively("down", () =>
        interruptible("down", progress.note.bind(progress), () => down(progress)),
      );
      console.log(wasUp ? "Slipway is down: nothing is left running." : "Nothing was up.");
    });
}
