/** What a run of the peers' kit says about the server, held against what it is meant to reach. */
import { estimate, type Interval } from "../statistics";

/** Which server was asked for what. */
interface Place {
  readonly server: string;
  readonly model: string;
  readonly format: string;
  readonly concurrency: number;
}

/** One line of the kit's result file. */
export interface Point extends Place {
  readonly rps: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly errors: number;
  readonly rss_mib: number;
  readonly start_s: number;
  readonly cpu_us_per_request: number;
  readonly doubtful: boolean;
}

/** What one fresh start of a server showed of a point. */
interface Run {
  readonly rps: number;
  readonly p50_us: number;
  readonly p99_us: number;
  readonly cpu_us_per_request: number;
  /** Bytes. */
  readonly rss: number;
}

interface RawPoint extends Place {
  readonly runs: readonly Run[];
}

interface RawLoop {
  readonly runtime: string;
  readonly model: string;
  readonly batch: number;
  readonly rows_s: number;
}

export interface KitResult {
  readonly points: readonly Point[];
  readonly limits: readonly RawLoop[];
  /** The runs that the points are medians of. */
  readonly raw_points: readonly RawPoint[];
}

export interface Verdict {
  readonly criterion: string;
  /** What was measured, as the ratio that the criterion speaks of. */
  readonly measured: number;
  /** Where it lies with 95 % confidence, by the runs in pairs; none for a single run and for what runs do not tell. */
  readonly interval?: Interval;
  readonly bound: number;
  readonly atMost: boolean;
  readonly holds: boolean;
  /** A point of it was disturbed by other work, see the kit's README. */
  readonly doubtful: boolean;
}

const FLOORS = ["floor-http", "floor-ort"];

const MIB = 2 ** 20;

type Ratio = (one: Point, other: Point) => number;

function atPlace<T extends Place>(points: readonly T[], { server, model, format, concurrency }: Place) {
  return points.find(
    (point) =>
      point.server === server &&
      point.model === model &&
      point.format === format &&
      point.concurrency === concurrency,
  );
}

/** The interval of a ratio over the runs: the same run of two points was measured in the same round. */
function intervalOver(rawPoints: readonly RawPoint[], value: Ratio, one: Point, other: Point) {
  const runsOf = (point: Point) =>
    atPlace(rawPoints, point)?.runs.map((run) => ({
      ...point,
      rps: run.rps,
      p50_ms: run.p50_us / 1000,
      p99_ms: run.p99_us / 1000,
      cpu_us_per_request: run.cpu_us_per_request,
      rss_mib: run.rss / MIB,
    })) ?? [];
  const others = runsOf(other);
  const ratios = runsOf(one)
    .slice(0, others.length)
    .map((run, i) => value(run, others[i]!));
  return ratios.length < 2 ? undefined : estimate(ratios);
}

/** Every criterion whose points are in the file; the others are left out. */
export function judge({ points, limits, raw_points }: KitResult, ours = "slipway"): Verdict[] {
  const verdicts: Verdict[] = [];
  const at = (server: string, model: string, format: string, concurrency: number) =>
    atPlace(points, { server, model, format, concurrency });
  const bestPeer = (model: string, format: string, concurrency: number) =>
    points
      .filter((point) => point.model === model && point.concurrency === concurrency)
      .filter((point) => point.format === format || (point.format === "native" && format === "json"))
      .filter((point) => !point.server.startsWith(ours) && !FLOORS.includes(point.server))
      .sort((a, b) => b.rps - a.rps)[0];
  const add = (
    criterion: string,
    one: Point | undefined,
    other: Point | undefined,
    value: Ratio,
    bound: number,
    atMost = false,
    runs = raw_points,
  ) => {
    if (!one || !other) return;
    const measured = value(one, other);
    const holds = one.errors === 0 && (atMost ? measured <= bound : measured >= bound);
    const doubtful = one.doubtful || other.doubtful;
    const interval = intervalOver(runs, value, one, other);
    verdicts.push({ criterion, measured, interval, bound, atMost, holds, doubtful });
  };
  const rate: Ratio = (one, other) => one.rps / other.rps;

  for (const [format, peers, floor, aim] of [
    ["json", 7, 1.6, 0.65],
    ["binary", 7.5, 1.5, 0.75],
  ] as const) {
    const own = at(ours, "tabular", format, 64);
    add(`tabular ${format} c=64 against the best peer`, own, bestPeer("tabular", format, 64), rate, peers);
    add(`tabular ${format} c=64 against floor-ort`, own, at("floor-ort", "tabular", format, 64), rate, floor);
    add(
      `tabular ${format} c=64 against floor-http (aim)`,
      own,
      at("floor-http", "tabular", format, 64),
      rate,
      aim,
    );
    add(`tabular ${format} c=16 against c=64`, at(ours, "tabular", format, 16), own, rate, 0.75);
    add(
      `tabular ${format} p50 alone against floor-ort's`,
      at(ours, "tabular", format, 1),
      at("floor-ort", "tabular", format, 1),
      (one, other) => one.p50_ms / other.p50_ms,
      1.3,
      true,
    );
  }
  const raw = limits.find((loop) => loop.runtime === "node" && loop.model === "vision" && loop.batch === 1);
  if (raw) {
    for (const [format, bound] of [
      ["binary", 0.97],
      ["json", 0.88],
    ] as const) {
      const own = at(ours, "vision", format, 16);
      add(`vision ${format} c=16 against the raw loop`, own, own, (one) => one.rps / raw.rows_s, bound);
    }
  }
  for (const format of ["json", "binary"]) {
    const own = at(ours, "vision", format, 64);
    const fair = (one: Point) => one.p99_ms / 1000 / (one.concurrency / one.rps);
    add(`vision ${format} c=64 p99 against concurrency / throughput`, own, own, fair, 1.3, true);
  }
  for (const model of ["vision", "text"]) {
    for (const format of ["json", "binary", "grpc"]) {
      for (const concurrency of [1, 16, 64]) {
        const own = at(ours, model, format, concurrency);
        add(
          `${model} ${format} c=${concurrency} against the best peer`,
          own,
          bestPeer(model, format, concurrency),
          rate,
          1,
        );
      }
    }
  }
  const grpc = at(ours, "tabular", "grpc", 64);
  const cpu: Ratio = (one, other) => other.cpu_us_per_request / one.cpu_us_per_request;
  add(
    "tabular grpc c=64 against the best peer (processor time)",
    grpc,
    bestPeer("tabular", "grpc", 64),
    cpu,
    3,
  );
  add(
    "tabular grpc c=64 against own binary (processor time)",
    grpc,
    at(ours, "tabular", "binary", 64),
    cpu,
    0.4,
  );
  for (const [model, bound] of [
    ["tabular", 1.3],
    ["vision", 1.5],
  ] as const) {
    const most = (server: string) =>
      points
        .filter((point) => point.server === server && point.model === model)
        .sort((a, b) => b.rss_mib - a.rss_mib)[0];
    // A process's memory is all that it was asked for in the run, and nobody can ask the floor for this.
    const servedGrpc = points.some(
      ({ server, model: of, format }) => server === ours && of === model && format === "grpc",
    );
    add(
      `${model} resident memory against floor-ort's${servedGrpc ? ", which was asked for no gRPC" : ""}`,
      most(ours),
      most("floor-ort"),
      (one, other) => one.rss_mib / other.rss_mib,
      bound,
      true,
    );
  }
  const first = at(ours, "tabular", "json", 1);
  // Starts are not told apart by run.
  const seconds = (one: Point) => one.start_s;
  add("seconds from start to the first answer", first, first, seconds, 1, true, []);
  return verdicts;
}
