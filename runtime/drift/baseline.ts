/**
 * What a model's inputs and outputs looked like when it was trained: `baseline.json` beside `model.onnx`. Written by `slipway baseline`,
 * read by the server, which compares what it sees with it.
 */
export interface Baseline {
  readonly format: typeof BASELINE_FORMAT;
  /** SHA-256 of the `model.onnx` that the outputs were computed with, in hex; undefined where only inputs were given. */
  readonly modelSha256?: string;
  readonly data: {
    /** Name of the file that it was made from, without its folder. */
    readonly file: string;
    readonly sha256: string;
    readonly rows: number;
  };
  /** By feature: `input:NAME`, `input:NAME[i]`, `output:NAME[i]`, or `input:NAME~k` for the k-th random projection of a vector. */
  readonly features: Readonly<Record<string, FeatureBaseline>>;
  /** Tensors that are summarised by random projections, by `input:NAME` or `output:NAME`. */
  readonly projections?: Readonly<Record<string, Projection>>;
}

export const BASELINE_FORMAT = "slipway.baseline/v1";

export type FeatureBaseline = NumericBaseline | CategoricalBaseline;

/** Numbers, as a histogram of fixed edges: mergeable, of bounded size, and enough for every score. */
export interface NumericBaseline {
  readonly kind: "numeric";
  /** Rows with a finite number. */
  readonly count: number;
  /** Rows with NaN or an infinity. */
  readonly missing: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Of the sample, n - 1. */
  readonly standardDeviation: number;
  /** Ascending, from quantiles of the data: bin i holds edges[i-1] < x <= edges[i]; the first and the last bin are open. */
  readonly edges: readonly number[];
  /** One more than edges. */
  readonly counts: readonly number[];
  /** Mean of each bin's numbers, 0 of an empty one: tells where in a wide bin they lie. Left out, they are taken to be spread evenly. */
  readonly binMeans?: readonly number[];
}

/** Texts, booleans, or whole numbers with few values. */
export interface CategoricalBaseline {
  readonly kind: "categorical";
  readonly count: number;
  /** Empty texts. */
  readonly missing: number;
  /** The most frequent values, as texts. */
  readonly values: Readonly<Record<string, number>>;
  /** Rows with any other value. */
  readonly other: number;
}

/** Gaussian random projection of vectors onto a few directions (Johnson and Lindenstrauss 1984; Dasgupta 2000). */
export interface Projection {
  /** Length of the vectors. */
  readonly dimensions: number;
  /** Directions. */
  readonly count: number;
  /** Of the generator that draws the directions. */
  readonly seed: number;
}
