import { writeFileSync } from "node:fs";
import { Argument, Command } from "commander";
import { messageOf, SlipwayError } from "../../toolchain/errors";
import { silent } from "../../toolchain/progress";
import { parseProfile } from "../profiles";
import { consoleProgress } from "../progress";

interface Options {
  offline?: boolean;
  refresh?: boolean;
  json?: string;
  markdown?: string;
}

export const profileArgument = () => new Argument("<profile>", "the profile's name").argParser(parseProfile);

export function previewCommand(): Command {
  return new Command("preview")
    .description("preview a profile with the policy pack; exits with 2 where a mandatory policy is violated")
    .addArgument(profileArgument())
    .option("--offline", "ask no cluster, even where one answers")
    .option("--refresh", "read the real state of every resource first")
    .option("--json <file>", "write the plan as JSON; - writes it to standard output")
    .option("--markdown <file>", "write the plan as Markdown; - writes it to standard output")
    .addHelpText(
      "after",
      "\nExamples:\n  $ npx slipway preview local\n  $ npx slipway preview onprem --json plan.json",
    )
    .action(async (profile: string, options: Options) => {
      const { previewProfile } = require("../preview") as typeof import("../preview");
      const { planOf, renderMarkdown, renderText } = require("../plan") as typeof import("../plan");
      const toStdout = options.json === "-" || options.markdown === "-";
      const progress = toStdout ? silent : consoleProgress();
      const plan = planOf(profile, await previewProfile({ profile, ...options }, progress));
      if (options.json) write("--json", options.json, `${JSON.stringify(plan, null, 2)}\n`);
      if (options.markdown) write("--markdown", options.markdown, renderMarkdown(plan));
      if (!toStdout) console.log(renderText(plan));
    });
}

function write(flag: string, file: string, text: string): void {
  if (file === "-") return void process.stdout.write(text);
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new SlipwayError(`cannot write \`${flag}\` ${file}: ${messageOf(error)}`);
  }
}
