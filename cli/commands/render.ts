import { Command } from "commander";
import { assertCheckout } from "../checkout";
import { consoleProgress } from "../progress";
import { profileArgument } from "./preview";

export function renderCommand(): Command {
  return new Command("render")
    .description("write every Kubernetes object of a profile as YAML, one file each")
    .addArgument(profileArgument())
    .requiredOption("--out <dir>", "folder for the files; made where it does not exist")
    .addHelpText("after", "\nExamples:\n  $ npx slipway render local --out rendered/")
    .action(async (profile: string, options: { out: string }) => {
      assertCheckout();
      const { previewProfile } = require("../preview") as typeof import("../preview");
      const { writeObjects } = require("../render") as typeof import("../render");
      const outcome = await previewProfile({ profile, offline: true }, consoleProgress());
      const files = writeObjects(outcome.steps, options.out);
      console.log(`${files.length} objects written to ${options.out}`);
    });
}
