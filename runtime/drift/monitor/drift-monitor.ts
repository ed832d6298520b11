import type { Logger } from "pino";
import type { InferRequest } from "../../dataplane/infer-request";
import type { ModelSpec } from "../../dataplane/model-spec";
import type { Tensor } from "../../dataplane/tensor";
import type { Baseline } from "../baseline";
import { modelLayouts, type TensorLayout } from "../features";
import type { FeatureJudgement } from "../judge";
import type { FeatureSummary } from "../summary";
import { DRIFT_DEFAULTS, driftSettings, type DriftConfig, type DriftSettings } from "./drift-config";
import { DriftLog } from "./drift-log";
import { outlierCheck, type OutlierCheck } from "./outlier-check";
import { judgeInTurns } from "./judge-in-turns";
import { Panes, type EndedWindow, type Window } from "./panes";
import { Reservoir } from "./reservoir";
import { named, RowReader, sideOf, type RowValues } from "./row-reader";
import { SampledRequest, SampledRow, type RowFate } from "./sampled-request";

/**
 * Multiplications and additions a second that summaries may cost, about 2 ms: models of large inputs have fewer of their rows
 * summarised, but always one a second.
 */
const WORK_PER_SECOND = 2_000_000;

/** The same in one turn of the event loop, which other requests wait for. */
const WORK_PER_TURN = 200_000;

/** Time and the event loop, replaced in tests. */
export interface DriftClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back in another turn of the event loop. */
  soon(callback: () => void): void;
  /** Calls back in some milliseconds, when answers that are on their way have left, and for many of them at once. */
  later(callback: () => void): void;
}

export interface DriftMonitorOptions {
  readonly model: string;
  readonly version: string;
  /** Must fit the model, see `checkBaseline`. */
  readonly baseline: Baseline;
  /** Of the baseline's file, in hex. */
  readonly baselineSha256: string;
  readonly spec: ModelSpec;
  readonly config: DriftConfig;
  readonly log: Logger;
  readonly clock: DriftClock;
  /** Numbers from 0 to below 1. @default Math.random */
  readonly random?: () => number;
  /** It is followed no more. */
  readonly closed: (monitor: DriftMonitor) => void;
}

/** A window and what was found of it. */
export interface Judgement {
  readonly window: Window;
  /** What was seen in it, by feature. */
  readonly summaries: ReadonlyMap<string, FeatureSummary>;
  readonly features: readonly FeatureJudgement[];
  /** Milliseconds since 1970. */
  readonly judgedAt: number;
}

/** Compares what a model version is given and answers with its baseline, by a sample of the rows. */
export class DriftMonitor implements RowFate {
  readonly settings: DriftSettings;
  /** Rows that were summarised. */
  rows = 0;
  /** Requests with a value that the training data has nothing like. */
  outliers = 0;
  /** Of the window that ended last. */
  judgement: Judgement | undefined;
  private readonly inputs: readonly RowReader[];
  private readonly outputs: readonly RowReader[];
  /** Whose first dimension counts a request's rows. */
  private readonly counted: { readonly name: string; readonly place: number };
  private readonly isOutlier: OutlierCheck | undefined;
  private readonly reservoir: Reservoir<SampledRow>;
  private readonly panes: Panes;
  private readonly drifting: DriftLog;
  private readonly rowsPerTurn: number;
  /** Answers whose rows are to be read. */
  private answers: { readonly request: SampledRequest; readonly outputs: readonly Tensor[] }[] = [];
  /** Rows to be added to the summaries. */
  private counting: SampledRow[] = [];
  private scheduled = false;

  constructor(readonly options: DriftMonitorOptions) {
    const { baseline, spec, clock, random = Math.random } = options;
    const { features, projections } = baseline;
    this.settings = driftSettings(options.config);
    const { maxRowsPerSecond, windowSeconds, outliers } = this.settings;
    const layouts = modelLayouts(spec, projections);
    const inputs = layouts.filter((layout) => sideOf(layout) === "input");
    const readers = (some: readonly TensorLayout[], specs: ModelSpec["inputs"]) =>
      readersOf(some, specs, Object.keys(features), random);
    this.inputs = readers(inputs, spec.inputs);
    this.outputs = readers(
      layouts.filter((layout) => sideOf(layout) === "output"),
      spec.outputs,
    );
    const place = Math.max(
      0,
      spec.inputs.findIndex(({ shape }) => shape[0] === -1),
    );
    this.counted = { name: spec.inputs[place]?.name ?? "", place };
    if (outliers?.perRequest) {
      this.isOutlier = outlierCheck(inputs, features, outliers.margin ?? DRIFT_DEFAULTS.margin);
    }
    const cost = [...this.inputs, ...this.outputs].reduce((sum, reader) => sum + reader.cost, 1);
    const affordable = Math.max(1, Math.floor(WORK_PER_SECOND / cost));
    this.rowsPerTurn = Math.max(1, Math.floor(WORK_PER_TURN / cost));
    this.reservoir = new Reservoir(Math.min(maxRowsPerSecond, affordable), random);
    this.panes = new Panes(Object.values(features), windowSeconds, clock.now());
    this.drifting = new DriftLog(options);
  }

  /**
   * Looks at a request before it runs, because its tensors' buffers move to a worker then. Never throws.
   * @returns what is to follow its answer; undefined where no row of it was drawn
   */
  begin(request: InferRequest): SampledRequest | undefined {
    const { inputs } = request;
    try {
      if (this.isOutlier?.(inputs)) {
        this.outliers++;
        request.outlier = true;
      }
      const size = named(inputs, this.counted.name, this.counted.place)?.shape[0];
      const count = size !== undefined && size >= 1 ? size : 1;
      return this.reservoir.offer(count) ? this.draw(inputs, count) : undefined;
    } catch (error) {
      this.drifting.failed(error);
      return undefined;
    }
  }

  answered(request: SampledRequest, outputs: readonly Tensor[]): void {
    this.answers.push({ request, outputs });
    this.schedule();
  }

  /** To be called every second: ends the sample and, where its time has come, the window. Never throws. */
  tick(): void {
    this.guarded(() => {
      if (!this.reservoir.isEmpty) {
        for (const row of this.reservoir.take()) {
          row.kept = true;
          if (row.outputs !== undefined) this.counting.push(row);
        }
        if (this.counting.length > 0) this.schedule();
      }
      const window = this.panes.turn(this.options.clock.now());
      if (window !== undefined) this.judge(window);
    });
  }

  /** The version is unloaded. */
  close(): void {
    this.options.closed(this);
  }

  private judge({ summaryAt, ...window }: EndedWindow): void {
    const { clock, baseline } = this.options;
    judgeInTurns(
      { baseline, settings: this.settings, summaryOf: (_, place) => summaryAt(place) },
      (turn) => clock.soon(() => this.guarded(turn)),
      (features, summaries) => {
        this.judgement = { window, summaries, features, judgedAt: clock.now() };
        this.drifting.judged(features, window.rows);
      },
    );
  }

  /** What goes wrong here must not become a fault of the server. */
  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.drifting.failed(error);
    }
  }

  private draw(tensors: readonly Tensor[], count: number): SampledRequest {
    const { reservoir } = this;
    const request = new SampledRequest(count, this);
    for (let index = reservoir.indexAmong(count); index >= 0; index = reservoir.indexAmong(count)) {
      const row = new SampledRow(index, readRow(this.inputs, tensors, index, count));
      request.rows.push(row);
      const left = reservoir.put(row);
      if (left !== undefined) left.replaced = true;
    }
    return request;
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.options.clock.later(() => this.work());
  }

  /** Reads answers and counts rows, as many as one turn of the event loop may take. */
  private work(): void {
    this.guarded(() => {
      let left = this.rowsPerTurn;
      while (left > 0 && this.answers.length > 0) {
        const { request, outputs } = this.answers.pop()!;
        for (const row of request.rows) {
          if (row.replaced) continue;
          row.outputs = readRow(this.outputs, outputs, row.index, request.count);
          if (row.kept) this.counting.push(row);
          left--;
        }
      }
      while (left-- > 0 && this.counting.length > 0) this.count(this.counting.pop()!);
    });
    this.scheduled = this.answers.length > 0 || this.counting.length > 0;
    if (this.scheduled) this.options.clock.soon(() => this.work());
  }

  private count(row: SampledRow): void {
    const { summaries } = this.panes;
    this.inputs.forEach((reader, i) => {
      const values = row.inputs[i];
      if (values !== undefined) reader.fold(values, summaries);
    });
    this.outputs.forEach((reader, i) => {
      const values = row.outputs![i];
      if (values !== undefined) reader.fold(values, summaries);
    });
    this.rows++;
    this.panes.rowAdded();
  }
}

function readersOf(
  layouts: readonly TensorLayout[],
  specs: ModelSpec["inputs"],
  features: readonly string[],
  random: () => number,
): RowReader[] {
  const places = new Map(features.map((name, i) => [name, i]));
  return layouts.flatMap((layout, place) => {
    const followed = layout.features.map((name) => places.get(name) ?? -1);
    if (followed.every((at) => at < 0)) return [];
    const repeats = specs[place]!.shape.indexOf(-1, 1) > 0;
    return new RowReader(layout, place, followed, repeats, random);
  });
}

function readRow(
  readers: readonly RowReader[],
  tensors: readonly Tensor[],
  index: number,
  count: number,
): (RowValues | undefined)[] {
  return readers.map((reader) => reader.read(tensors, index, count));
}
