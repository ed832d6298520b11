export const BENCHMARKS = [
  "serving",
  "batching",
  "raw-loop",
  "preview",
  "policies",
  "traffic",
  "shadow",
  "scale",
  "experiment",
  "drift",
  "drift-cost",
  "flame",
  "regression",
] as const;
export type Benchmark = (typeof BENCHMARKS)[number];

/** Without a commit to compare with there is no regression to measure; `traffic`, `shadow` and `scale` need a cluster. */
const DEFAULT: readonly Benchmark[] = ["serving", "batching", "preview"];

export const USAGE = `Usage: npm run bench -- [BENCHMARK ...] [--against COMMIT] [--quick]

Benchmarks: serving     the server with its defaults against two floors of Node, every format   (about 3 minutes)
            batching    default settings against batching off, 1 to 128 requests at a time      (about 5 minutes)
            raw-loop    a model of some milliseconds a row against a loop without a server      (about 6 minutes)
            preview     profile aws under the engine against an empty program                   (about 2 minutes)
            policies    previews of 100 and 5,000 resources with the policy pack and without    (about 10 minutes)
            traffic     switches, shares and restarts of the running local stack, under load    (about 35 minutes)
            shadow      the last part of traffic: what copying every request costs the live slot (about 8 minutes)
            scale       50, 200 and 500 services on 200 nodes of the running local cluster      (about 20 minutes)
            experiment  A/B tests on simulated users, looked at after each: errors, power       (about 2 minutes)
            drift       changes in simulated rows: false alarms, rows until they are called out (about 5 minutes)
            drift-cost  following drift against a model without a baseline                      (about 5 minutes)
            flame       draws docs/pictures/request.svg: where a request's processor time goes  (about 20 seconds)
            regression  the checkout against the commit that --against names                    (about 2 minutes)
Without a name: serving, batching and preview.

--against COMMIT  a commit, branch or tag, e.g. HEAD~1
--quick           seconds instead of minutes; shows that it works, the numbers mean nothing`;

export interface BenchRun {
  readonly benchmarks: readonly Benchmark[];
  readonly against?: string;
  readonly quick: boolean;
  readonly help: boolean;
}

/** Reads the command line. */
export function parseArguments(argv: readonly string[]): BenchRun | { readonly error: string } {
  const names: Benchmark[] = [];
  let against: string | undefined;
  let quick = false;
  let help = false;
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (word === "--quick") quick = true;
    else if (word === "--help" || word === "-h") help = true;
    else if (word === "--against") against = argv[++i];
    else if ((BENCHMARKS as readonly string[]).includes(word)) names.push(word as Benchmark);
    else
      return { error: `benchmark \`${word}\` must be one of: ${BENCHMARKS.join(", ")}; --help tells more` };
  }
  const benchmarks = names.length > 0 ? names : against !== undefined ? (["regression"] as const) : DEFAULT;
  if (benchmarks.includes("regression") && !against) {
    return { error: "`regression` needs `--against COMMIT`, e.g. `--against HEAD~1`" };
  }
  return { benchmarks, against, quick, help };
}
