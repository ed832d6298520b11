import type { TensorData } from "../../dataplane/datatypes";
import type { ModelSpec } from "../../dataplane/model-spec";
import { BASELINE_FORMAT, type Baseline, type FeatureBaseline, type Projection } from "../baseline";
import { createTensorReader, modelLayouts, type FeatureSink, type TensorLayout } from "../features";
import { DataMistake, type DataSource } from "../readers/source";
import { createSummary, type FeatureSummary } from "../summary";
import type { InputColumns } from "./assign-columns";
import { counted, createCollector, type Collector } from "./collectors";
import { inputRows, wantedColumns, type InputRows } from "./input-tensors";
import type { RowModel } from "./open-model";
import { RowSample } from "./row-sample";

export interface ProfileOptions {
  /** What sentences call the data. */
  readonly named: string;
  /** Bins of a number, >= 2. */
  readonly bins: number;
  /** Name and digest of the data's file. */
  readonly data: { readonly file: string; readonly sha256: string };
  /** Computes the outputs; left out, the inputs alone are profiled. */
  readonly model?: RowModel;
  readonly spec: ModelSpec;
  readonly inputs: readonly InputColumns[];
  /** Rows of the sample that bins are made from. @default as many as fit */
  readonly mostSampled?: number;
  /** Called as rows are done. */
  readonly progress?: (step: "reading" | "computing" | "counting", rows: number) => void;
}

/** What takes a row's tensors, inputs and outputs, apart. */
interface Taken {
  readonly inputs: (rows: InputRows) => void;
  readonly outputs: (data: readonly TensorData[]) => void;
}

/**
 * Profiles training data in bounded memory: a uniform sample of its rows decides the bins, then every row is counted, in a
 * second pass where the sample was not all of them.
 * @throws DataMistake where the data does not fit the model, is empty, or a feature has nothing to compare with
 * @throws SharedFeature where two tensors of the model have a feature in common
 */
export async function makeBaseline(source: DataSource, options: ProfileOptions): Promise<Baseline> {
  const { inputs, model, spec, named, progress } = options;
  const layouts = layoutsOf(spec, inputs, model !== undefined);
  const wanted = wantedColumns(inputs);
  const sample = new RowSample(inputs, options.mostSampled);
  for await (const batch of source.batches(wanted)) {
    sample.offer(inputRows(inputs, wanted, batch, named));
    progress?.("reading", sample.seen);
  }
  if (sample.seen === 0) throw new DataMistake(`${named} has no rows.`);
  const collectors = new Map<string, Collector>();
  for (const { datatype, features } of layouts)
    for (const feature of features) collectors.set(feature, createCollector(datatype));
  const sampled = sample.rows();
  await take(sampled, takenApart(layouts, inputs, spec, collectors), options, 0, "computing");
  const frames = new Map<string, FeatureBaseline>();
  for (const [feature, collector] of collectors) {
    const frame = collector.frame(options.bins);
    if (frame === undefined) throw nothingIn(feature, collector.kind, sample, options);
    frames.set(feature, frame);
  }
  const summaries = new Map([...frames].map(([feature, frame]) => [feature, createSummary(frame)]));
  const allKept = sample.isWhole && [...collectors.values()].every(({ isWhole }) => isWhole);
  if (allKept) for (const [feature, summary] of summaries) collectors.get(feature)!.countInto(summary);
  else await countAll(source, wanted, takenApart(layouts, inputs, spec, summaries), options);
  return {
    format: BASELINE_FORMAT,
    ...(model && { modelSha256: model.sha256 }),
    data: { ...options.data, rows: sample.seen },
    features: Object.fromEntries(
      [...frames].map(([name, frame]) => [name, counted(frame, summaries.get(name)!)]),
    ),
    ...projectionsOf(layouts),
  };
}

/** Of the tensors that are profiled; what the server could not tell apart is refused, profiled or not. */
function layoutsOf(spec: ModelSpec, inputs: readonly InputColumns[], withOutputs: boolean): TensorLayout[] {
  const profiled = new Set([
    ...inputs.map(({ name }) => `input:${name}`),
    ...(withOutputs ? spec.outputs.map(({ name }) => `output:${name}`) : []),
  ]);
  return modelLayouts(spec).filter(({ tensor }) => profiled.has(tensor));
}

function projectionsOf(layouts: readonly TensorLayout[]): { projections?: Record<string, Projection> } {
  const projected = layouts.flatMap(({ tensor, projection }) =>
    projection ? [[tensor, projection] as const] : [],
  );
  return projected.length === 0 ? {} : { projections: Object.fromEntries(projected) };
}

function takenApart(
  layouts: readonly TensorLayout[],
  inputs: readonly InputColumns[],
  spec: ModelSpec,
  sinks: ReadonlyMap<string, FeatureSink | FeatureSummary>,
): Taken {
  const reader = (tensor: string) => {
    const layout = layouts.find((each) => each.tensor === tensor);
    return layout && createTensorReader(layout, (feature) => sinks.get(feature));
  };
  const ofInputs = inputs.map(({ name }) => reader(`input:${name}`));
  const ofOutputs = spec.outputs.map(({ name }) => reader(`output:${name}`));
  return {
    inputs: ({ data }) => data.forEach((each, i) => ofInputs[i]?.(each)),
    outputs: (data) => data.forEach((each, i) => ofOutputs[i]?.(each)),
  };
}

async function take(
  rows: InputRows,
  taken: Taken,
  { model, inputs, progress }: ProfileOptions,
  before: number,
  step: "computing" | "counting",
): Promise<void> {
  taken.inputs(rows);
  let done = before;
  await model?.run(inputs, rows, (outputs, count) => {
    taken.outputs(outputs);
    done += count;
    progress?.(step, done);
  });
}

async function countAll(
  source: DataSource,
  wanted: readonly string[],
  taken: Taken,
  options: ProfileOptions,
): Promise<void> {
  let done = 0;
  for await (const batch of source.batches(wanted)) {
    await take(inputRows(options.inputs, wanted, batch, options.named), taken, options, done, "counting");
    done += batch.rows;
    options.progress?.("counting", done);
  }
}

function nothingIn(
  feature: string,
  kind: Collector["kind"],
  { seen, isWhole, capacity }: RowSample,
  { named }: ProfileOptions,
): DataMistake {
  const what = kind === "numeric" ? "finite number" : "text";
  const missing = kind === "numeric" ? "NaN, infinite or empty" : "empty";
  const rows = isWhole ? `all ${seen} rows` : `all ${capacity} rows of a sample of its ${seen}`;
  const mend = feature.startsWith("output:")
    ? "leave the outputs out with `--inputs-only`, or give data that the model answers"
    : "give data that has it";
  return new DataMistake(`\`${feature}\` has no ${what} in ${named}: it is ${missing} in ${rows}; ${mend}.`);
}
