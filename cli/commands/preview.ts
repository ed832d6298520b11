import { Argument, Command, Option } from "commander";
import { SlipwayError } from "../../toolchain/errors";
import { silent } from "../../toolchain/progress";
import { assertCheckout } from "../checkout";
import { OutputFile, STDOUT } from "../output-file";
import { reaches, RISK_LEVELS, RISK_TITLES, type RiskLevel } from "../plan/risk-level";
import { parseProfile } from "../profiles";
import { consoleProgress } from "../progress";

const EX_USAGE = 64;
/** Exit status where `--fail-on-risk` is reached; a violated policy, 2, outranks it. */
export const EXIT_RISK = 3;

interface Options {
  offline?: boolean;
  refresh?: boolean;
  json?: string;
  markdown?: string;
  failOnRisk?: RiskLevel;
}

export const profileArgument = () => new Argument("<profile>", "the profile's name").argParser(parseProfile);

const HELP = `
Risk levels, the worst first; a level is reached by changes of it and of those before it:
${RISK_LEVELS.map((level) => `  ${level.padEnd(12)}  ${level === "none" ? "harmless: any change at all" : RISK_TITLES[level].toLowerCase()}`).join("\n")}

Exit status: 0 with and without changes, 2 where a mandatory policy is violated, 3 where \`--fail-on-risk\` is
reached. The files are written in every one of these cases, and where the engine fails (1).

PULUMI_BACKEND_URL names the backend that has the stack's state, as \`pulumi login\` takes it, and PULUMI_CONFIG_PASSPHRASE
what its secrets are encrypted with; without it the state is this machine's. Profile local always has this machine's.

Examples:
  $ npx slipway preview local
  $ npx slipway preview onprem --offline --json plan.json --markdown plan.md
  $ npx slipway preview onprem --fail-on-risk interruption
  $ npx slipway preview local --refresh     # what was changed by hand`;

export function previewCommand(): Command {
  return new Command("preview")
    .description("say what an update of a profile would change, why, at what risk, and what the policies say")
    .addArgument(profileArgument())
    .option("--offline", "ask no cluster, even where one answers")
    .option("--refresh", "read what is really there first, and show what was changed by hand")
    .option("--json <file>", "write the plan as JSON; - writes it to standard output")
    .option(
      "--markdown <file>",
      "write the plan as Markdown for a pull request; - writes it to standard output",
    )
    .addOption(
      new Option(
        "--fail-on-risk <level>",
        "exit with 3 where a change is as risky as this, or riskier",
      ).choices(RISK_LEVELS),
    )
    .addHelpText("after", HELP)
    .action(run);
}

function checkUsage({ offline, refresh, json, markdown }: Options): void {
  const refuse = (sentence: string) => new SlipwayError(sentence, EX_USAGE);
  if (offline && refresh) {
    throw refuse("`--refresh` reads what is really there and `--offline` asks nobody; leave one of them out");
  }
  if (json !== undefined && json === markdown) {
    const where = json === STDOUT ? "standard output" : json;
    throw refuse(`\`--json\` and \`--markdown\` cannot both be written to ${where}`);
  }
}

async function run(profile: string, options: Options): Promise<void> {
  checkUsage(options);
  assertCheckout();
  const json = options.json === undefined ? undefined : new OutputFile("--json", options.json);
  const markdown =
    options.markdown === undefined ? undefined : new OutputFile("--markdown", options.markdown);
  const { previewProfile } = require("../preview") as typeof import("../preview");
  const { OperationFailed, EXIT_POLICY } =
    require("../engine/operations") as typeof import("../engine/operations");
  const { planOf, renderJson, renderMarkdown, renderText } = require("../plan") as typeof import("../plan");
  const toStdout = options.json === STDOUT || options.markdown === STDOUT;
  // Where CI runs, the state is elsewhere: against nothing, everything would be created.
  const backend = process.env.PULUMI_BACKEND_URL || undefined;
  const progress = toStdout ? silent : consoleProgress();
  let failure: InstanceType<typeof OperationFailed> | undefined;
  const outcome = await previewProfile({ profile, ...options, backend }, progress).catch((error: unknown) => {
    if (!(error instanceof OperationFailed)) throw error;
    failure = error;
    return error.outcome;
  });
  const isWhole = failure === undefined || failure.exitCode === EXIT_POLICY;
  const plan = planOf(profile, outcome, isWhole ? undefined : failure?.message);
  json?.write(renderJson(plan));
  markdown?.write(renderMarkdown(plan));
  // What failed is said once, at the end; drift that was found before is not lost.
  if (!toStdout && (isWhole || plan.drift.length > 0)) console.log(renderText(plan));
  if (failure) throw failure;
  failOnRisk(plan.changes, options.failOnRisk);
}

/** Throws where a change is as risky as `limit`, or riskier. */
export function failOnRisk(changes: readonly { risk: RiskLevel }[], limit: RiskLevel | undefined): void {
  if (limit === undefined) return;
  const reached = changes.filter(({ risk }) => reaches(risk, limit)).length;
  if (reached === 0) return;
  const what = reached === 1 ? "1 change reaches" : `${reached} changes reach`;
  throw new SlipwayError(`${what} the risk \`${limit}\` (\`--fail-on-risk\`)`, EXIT_RISK);
}
