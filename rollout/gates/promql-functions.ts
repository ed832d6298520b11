/** Types of PromQL's expressions, as Prometheus calls them. */
export type ValueType = "scalar" | "instant vector" | "range vector" | "string";

export interface Signature {
  readonly args: readonly ValueType[];
  /** Arguments that may be left out, counted from the end. */
  readonly optional: number;
  /** Whether the last argument may be repeated without end. */
  readonly repeats: boolean;
  readonly returns: ValueType;
}

const LETTERS: Readonly<Record<string, ValueType>> = {
  s: "scalar",
  v: "instant vector",
  m: "range vector",
  t: "string",
};

/**
 * Every function of PromQL by its arguments: `s` scalar, `v` instant vector, `m` range vector, `t` string; `?` after what may be left
 * out, `*` after what may be repeated or left out. Functions return an instant vector unless they are in SCALAR.
 * After `promql/parser/functions.go` of Prometheus 3; a test asks the grammar for functions that are missing here.
 */
const ARGUMENTS: Readonly<Record<string, string>> = {
  ...each(
    "v",
    "abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor ln log2 log10 rad sgn",
  ),
  ...each("v", "sin sinh sort sort_desc sqrt start_timestamp tan tanh timestamp scalar"),
  ...each("v", "histogram_avg histogram_count histogram_stddev histogram_stdvar histogram_sum"),
  ...each("v?", "day_of_month day_of_week day_of_year days_in_month hour minute month year"),
  ...each("m", "absent_over_time avg_over_time count_over_time first_over_time last_over_time mad_over_time"),
  ...each(
    "m",
    "max_over_time min_over_time present_over_time stddev_over_time stdvar_over_time sum_over_time",
  ),
  ...each("m", "ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time"),
  ...each("m", "changes delta deriv idelta increase irate rate resets"),
  ...each("", "end pi range start step time"),
  clamp: "vss",
  clamp_max: "vs",
  clamp_min: "vs",
  double_exponential_smoothing: "mss",
  histogram_fraction: "ssv",
  histogram_quantile: "sv",
  histogram_quantiles: "vtss*",
  info: "vv?",
  label_join: "vttt*",
  label_replace: "vtttt",
  predict_linear: "ms",
  quantile_over_time: "sm",
  round: "vs?",
  sort_by_label: "vt*",
  sort_by_label_desc: "vt*",
  vector: "s",
};

const SCALAR: ReadonlySet<string> = new Set(["end", "pi", "range", "scalar", "start", "step", "time"]);

function each(args: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(" ").map((name) => [name, args]));
}

/** Undefined for names that no function has. */
export function signatureOf(name: string): Signature | undefined {
  const letters = Object.hasOwn(ARGUMENTS, name) ? ARGUMENTS[name] : undefined;
  if (letters === undefined) return undefined;
  const args = [...letters].flatMap((letter) => LETTERS[letter] ?? []);
  return {
    args,
    optional: /[?*]$/.test(letters) ? 1 : 0,
    repeats: letters.endsWith("*"),
    returns: SCALAR.has(name) ? "scalar" : "instant vector",
  };
}
