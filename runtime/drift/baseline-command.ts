import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { messageOf } from "../message-of";
import {
  completeOptions,
  describeOptions,
  parseArguments,
  UsageError,
  type OptionSpec,
} from "../option-table";
import { requireRepository } from "../require-repository";
import type { Baseline } from "./baseline";
import { baselineTable } from "./baseline-table";
import { assignColumns } from "./profile/assign-columns";
import { makeBaseline } from "./profile/make-baseline";
import { findModel, openModel, type ModelFile } from "./profile/open-model";
import { openData } from "./readers/open-data";

export interface BaselineOptions {
  readonly model: string;
  readonly data: string;
  readonly modelRepository: string;
  readonly version?: string;
  readonly map: readonly string[];
  readonly ignore: readonly string[];
  readonly out?: string;
  readonly bins: number;
  readonly inputsOnly: boolean;
  readonly json: boolean;
}

/** Every option of `slipway baseline`, once. */
export const BASELINE_OPTIONS = {
  model: { type: "text", doc: "name of the model's folder" },
  data: { type: "path", doc: "training data: .csv, .tsv, .parquet, .npy or .npz" },
  modelRepository: {
    type: "path",
    default: "models",
    doc: "folder of models, laid out as `<model>/<version>/model.onnx`",
  },
  version: { type: "text", optional: true, doc: "version that is profiled; left out, the highest" },
  map: {
    type: "list",
    default: [],
    doc: "column of an input: `COLUMN=input:NAME` or, of one element, `COLUMN=input:NAME[i]`; may be repeated. Columns named after inputs need none",
  },
  ignore: { type: "list", default: [], doc: "columns that are no input's, e.g. the label; may be repeated" },
  out: {
    type: "path",
    optional: true,
    doc: "file that is written; left out, `baseline.json` beside `model.onnx`, where the server looks for it",
  },
  bins: {
    type: "integer",
    default: 20,
    least: 2,
    most: 200,
    doc: "bins of a number, of about as many rows each",
  },
  inputsOnly: {
    type: "boolean",
    default: false,
    doc: "leaves the outputs out: the model is not run, and inputs may be without a column",
  },
  json: { type: "boolean", default: false, doc: "prints the result as JSON" },
} as const satisfies Record<keyof BaselineOptions, OptionSpec>;

const HELP = `Usage: slipway baseline --model NAME --data FILE [options]
       slipway baseline --from SERVICE --model NAME --out FILE [options]

Profiles training data, and what the model answers to it, and writes \`baseline.json\` beside the model. A server that finds it there
follows how far its requests drift from it. Reads CSV (with column names), Parquet, NPY and NPZ, in bounded memory.

With \`--from\` what a running service was asked in its last window takes the place of training data (\`slipway baseline --from SERVICE --help\`).

Options (each also as environment variable):
${describeOptions(BASELINE_OPTIONS)}

Examples:
  slipway baseline --model fraud --data train.csv --ignore label
  slipway baseline --model fraud --data train.parquet --map age=input:x[0] --map amount=input:x[1]
  slipway baseline --model-repository /srv/models --model ocr --version 4 --data pictures.npz --inputs-only
`;

/** What `--json` prints. */
export interface BaselineReport {
  readonly file: string;
  /** Of the file, for `sha256` in `model.json`. */
  readonly sha256: string;
  /** Key of that digest in `sha256` of `model.json`. */
  readonly pin: string;
  readonly rows: number;
  readonly features: Baseline["features"];
  readonly notes: readonly string[];
}

/** How the command says where it is; `stderr`'s in the checkout. */
export interface BaselineProgress {
  update(text: string): void;
  note(text: string): void;
  /** The work is over, well or not. */
  end(failed: boolean): void;
}

/** `slipway baseline`. @returns the exit status. @throws UsageError, DataMistake or SharedFeature */
export async function baseline(
  argv: readonly string[],
  progress: BaselineProgress,
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(HELP);
    return 0;
  }
  const { values } = parseArguments(BASELINE_OPTIONS, "baseline", argv, env);
  const options = requireRepository(completeOptions(BASELINE_OPTIONS, values) as unknown as BaselineOptions);
  const { report, profile } = await profileData(options, progress);
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : text(report, profile));
  return 0;
}

/** Makes and writes a baseline. @throws UsageError, DataMistake or SharedFeature; nothing is written then */
export async function profileData(
  options: BaselineOptions,
  progress: BaselineProgress,
): Promise<{ report: BaselineReport; profile: Baseline }> {
  const found = await findModel(options.modelRepository, options.model, options.version);
  const file = options.out ?? join(found.folder, "baseline.json");
  await requireFolder(file, options);
  const named = `\`--data\` (${options.data})`;
  const source = await openData(options.data);
  let failed = true;
  try {
    const model = await openModel(found);
    try {
      const { inputs, without, notes } = assignColumns(model.spec.inputs, source.columns, {
        named,
        map: options.map,
        ignore: options.ignore,
        partly: options.inputsOnly,
      });
      const said =
        without.length === 0 ? notes : [...notes, `Inputs without a column: ${without.join(", ")}.`];
      for (const note of said) progress.note(note);
      const profile = await makeBaseline(source, {
        named,
        bins: options.bins,
        data: { file: basename(options.data), sha256: await sha256Of(options.data) },
        model: options.inputsOnly ? undefined : model,
        spec: model.spec,
        inputs,
        progress: (step, rows) => progress.update(`${step} ${rows} rows`),
      });
      const content = `${JSON.stringify(profile, null, 1)}\n`;
      await writeWhole(file, content);
      failed = false;
      return { report: reportOf(found, file, content, profile, said), profile };
    } finally {
      await model.close();
    }
  } finally {
    progress.end(failed);
    await source.close();
  }
}

function reportOf(
  { version }: ModelFile,
  file: string,
  content: string,
  { data, features }: Baseline,
  notes: readonly string[],
): BaselineReport {
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { file, sha256, pin: `${version}/baseline.json`, rows: data.rows, features, notes };
}

function text({ file, sha256, pin, rows }: BaselineReport, { features }: Baseline): string {
  return [
    baselineTable(features),
    `${file}: ${Object.keys(features).length} features of ${rows} rows, SHA-256 ${sha256}`,
    `To pin it, add this to \`sha256\` in \`model.json\`: "${pin}": "${sha256}"`,
    "",
  ].join("\n");
}

async function requireFolder(file: string, { out }: BaselineOptions): Promise<void> {
  if (out !== undefined && (await stat(out).catch(() => undefined))?.isDirectory())
    throw new UsageError(`\`--out\` (${out}) is a folder; name a file in it.`);
  const folder = await stat(dirname(file)).catch(() => undefined);
  if (!folder?.isDirectory())
    throw new UsageError(`\`--out\` (${file}) lies in a folder that does not exist.`);
}

/** Whole or not at all, and for everybody to read: the server is another user. */
async function writeWhole(file: string, content: string): Promise<void> {
  const whole = `${file}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await writeFile(whole, content, { flag: "wx" });
    // Whatever the umask says.
    await chmod(whole, 0o644);
    await rename(whole, file);
  } catch (error) {
    await rm(whole, { force: true }).catch(() => {});
    throw new UsageError(`${file} cannot be written: ${messageOf(error)}.`);
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
