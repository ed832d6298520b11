import { createHash } from "node:crypto";
import { Command } from "commander";
import { baselineTable } from "../../runtime/drift/baseline-table";
import type { MergedDrift } from "../../runtime/drift/merge-reports";
import { baselineOfWindow } from "../../runtime/drift/profile/baseline-of-window";
import { SlipwayError } from "../../toolchain/errors";
import { OutputFile } from "../output-file";
import type { ServiceDrift } from "./ask-replicas";
import { driftOf, type ServicePlace } from "./open-service";

interface Options extends ServicePlace {
  readonly from: string;
  readonly model: string;
  readonly version?: string;
  readonly out: string;
}

const HELP = `
Without training data: what all replicas saw in the window that ended last becomes the reference, in the bins of the baseline that
the model has. What would be drift is usual from then on.

Examples:
  $ npx slipway baseline --from voice --model silero-vad --version 5 --out baseline.json`;

/** `slipway baseline --from`. */
export function baselineFromCommand(): Command {
  return new Command("baseline")
    .description("make a baseline of what a running service is asked")
    .requiredOption("--from <service>", "the service, or the Rollout with its slots")
    .requiredOption("--model <name>", "the model's name")
    .option("--version <version>", "the model's version (default: the only one that is followed)")
    .requiredOption(
      "--out <file>",
      "file that is written; it belongs beside `model.onnx`, as `baseline.json`",
    )
    .option("--namespace <name>", "the service's namespace (default: all are looked through)")
    .option("--context <name>", "context of the kubeconfig (default: the current one)")
    .option("--ca <file>", "PEM of another stack's certificate authority; KUBECONFIG then names its cluster")
    .addHelpText("after", HELP)
    .action(async (options: Options) => {
      const file = new OutputFile("--out", options.out);
      const drift = chosen(await driftOf(options.from, options), options);
      const { baseline, notes } = baselineOfWindow(drift, options.from);
      const content = `${JSON.stringify(baseline, null, 1)}\n`;
      file.write(content);
      for (const note of notes) console.error(note);
      const { features, data } = baseline;
      const sha256 = createHash("sha256").update(content).digest("hex");
      console.log(baselineTable(features));
      console.log(
        `${options.out}: ${Object.keys(features).length} features of ${data.rows} rows, SHA-256 ${sha256}`,
      );
      console.log(
        `To pin it, add this to \`sha256\` in \`model.json\`: "${drift.model_version}/baseline.json": "${sha256}"`,
      );
    });
}

/** @throws SlipwayError naming what there is */
export function chosen(
  { service, versions, unfollowed }: ServiceDrift,
  { model, version }: Pick<Options, "model" | "version">,
): MergedDrift {
  const found = versions.filter(
    (each) => each.model_name === model && (version === undefined || each.model_version === version),
  );
  if (found.length === 1) return found[0]!;
  const without = unfollowed.some(
    (each) => each.model_name === model && (version === undefined || each.model_version === version),
  );
  const what =
    version === undefined ? `\`--model\` (${model})` : `\`--version\` (${version}) of \`${model}\``;
  if (found.length > 1 && version === undefined)
    throw new SlipwayError(
      `${what} has the versions ${found.map((each) => each.model_version).join(", ")}; \`--version\` says which is meant`,
      64,
    );
  if (found.length > 1)
    throw new SlipwayError(
      `${what} has two baselines at the moment, as in an update; try again when it is over`,
    );
  if (without)
    throw new SlipwayError(
      `${what} has no baseline yet, whose bins could be taken over; make the first one with \`--data\``,
    );
  const there = versions.map((each) => `${each.model_name}/${each.model_version}`).join(", ") || "nothing";
  throw new SlipwayError(`${what} is not followed by \`${service}\`, which follows ${there}`, 64);
}
