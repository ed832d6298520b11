import { join } from "node:path";
import { withWorkspace, type Workspace } from "../../test/support/engine";
import { projectRoot } from "../../toolchain/paths";
import type { Figure } from "../figure";
import { confidenceInterval, type Estimate, estimate, median, pairedRatio } from "../statistics";
import { withTemporaryFolder } from "../temporary-folder";
import { NODE_ARGS, startSeconds, writeEmptyPack } from "./pack-start";
import { programOf } from "./program";

const PACK = join(projectRoot, "policies");

interface Size {
  readonly resources: number;
  readonly rounds: number;
}

const FULL = {
  sizes: [
    { resources: 100, rounds: 9 },
    { resources: 5_000, rounds: 3 },
  ],
  starts: 15,
};
const QUICK = {
  sizes: [
    { resources: 100, rounds: 1 },
    { resources: 500, rounds: 1 },
  ],
  starts: 3,
};

/** What the policy pack adds to previews of the real engine, and to its start, against the same without it, in turns. */
export async function benchPolicies({ quick }: { quick: boolean }): Promise<Figure[]> {
  const { sizes, starts } = quick ? QUICK : FULL;
  const figures: Figure[] = [];
  await withTemporaryFolder(async (folder) => {
    const empty = await writeEmptyPack(folder);
    for (const size of sizes) figures.push(...(await benchPreviews(size, empty)));
    figures.push(...(await benchStart(empty, starts)));
  });
  return figures;
}

/** What is previewed with: the engine alone, with a pack of no rules, with the project's. */
type Kind = "none" | "empty" | "own";
const ORDERS: readonly (readonly Kind[])[] = [
  ["none", "empty", "own"],
  ["own", "none", "empty"],
  ["empty", "own", "none"],
];

async function benchPreviews({ resources, rounds }: Size, empty: string): Promise<Figure[]> {
  const packs = { none: undefined, empty, own: PACK };
  const measured = await withWorkspace(programOf(resources), async (workspace) => {
    const all: Record<Kind, number>[] = [];
    // The first one fills caches of the file system.
    for (let round = -1; round < rounds; round++) {
      // Whoever comes later finds warmer caches: take turns.
      const seconds: Record<Kind, number> = { none: 0, empty: 0, own: 0 };
      for (const kind of ORDERS[(round + ORDERS.length) % ORDERS.length]!)
        seconds[kind] = await preview(workspace, resources, packs[kind]);
      if (round >= 0) all.push(seconds);
    }
    return all;
  });
  const [bare, hollow, judged] = (["none", "empty", "own"] as const).map((kind) =>
    measured.map((seconds) => seconds[kind]),
  ) as [number[], number[], number[]];
  const common = { benchmark: "policies", unit: "s" };
  const measure = `pulumi preview, ${resources} resources`;
  const added = (to: readonly number[]) => difference(to.map((seconds, i) => seconds - bare[i]!));
  return [
    { ...common, measure, server: "without a pack", value: estimate(bare) },
    { ...common, measure, server: "with an empty pack", value: estimate(hollow) },
    {
      ...common,
      measure,
      server: "with the pack",
      value: estimate(judged),
      against: { server: "without a pack", ratio: pairedRatio(judged, bare) },
    },
    { ...common, measure: `added to ${resources} resources`, server: "an empty pack", value: added(hollow) },
    { ...common, measure: `added to ${resources} resources`, server: "the pack", value: added(judged) },
  ];
}

/** Differences may be below zero, where the interval of rates and times does not hold. */
function difference(values: readonly number[]): Estimate {
  return { value: median(values), ...confidenceInterval(values) };
}

async function preview(workspace: Workspace, resources: number, pack: string | undefined): Promise<number> {
  const { code, stderr, stdout, elapsedMs, changes } = await workspace.pulumi(
    "preview",
    "--stack",
    "dev",
    ...(pack === undefined ? [] : ["--policy-pack", pack]),
  );
  if (code !== 0 || (changes.create ?? 0) < resources) {
    throw new Error(`preview of ${resources} resources: ${stderr || stdout}`);
  }
  return elapsedMs / 1000;
}

async function benchStart(empty: string, rounds: number): Promise<Figure[]> {
  const starts = { empty: [] as number[], runner: [] as number[], own: [] as number[] };
  for (let round = -1; round < rounds; round++) {
    const [without, runner, own] = [
      await startSeconds(empty),
      await startSeconds(PACK),
      await startSeconds(PACK, NODE_ARGS),
    ];
    // The first ones keep what the others start from.
    if (round < 0) continue;
    starts.empty.push(without);
    starts.runner.push(runner);
    starts.own.push(own);
  }
  const common = { benchmark: "policies", measure: "start of the pack's process", unit: "s" };
  const against = (times: readonly number[]) => ({
    value: estimate(times),
    against: { server: "an empty pack", ratio: pairedRatio(times, starts.empty) },
  });
  return [
    { ...common, server: "an empty pack", value: estimate(starts.empty) },
    { ...common, server: "the pack", ...against(starts.own) },
    { ...common, server: "the pack, by the SDK's runner", ...against(starts.runner) },
  ];
}
