import { join } from "node:path";
import { withWorkspace, type Workspace } from "../../test/support/engine";
import { projectRoot } from "../../toolchain/paths";
import type { Figure } from "../figure";
import { confidenceInterval, type Estimate, estimate, median, pairedRatio } from "../statistics";
import { withTemporaryFolder } from "../temporary-folder";
import { startSeconds, writeEmptyPack } from "./pack-start";
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
  for (const size of sizes) figures.push(...(await benchPreviews(size)));
  figures.push(...(await withTemporaryFolder((folder) => benchStart(folder, starts))));
  return figures;
}

async function benchPreviews({ resources, rounds }: Size): Promise<Figure[]> {
  const pairs = await withWorkspace(programOf(resources), async (workspace) => {
    const measured: { readonly without: number; readonly with: number }[] = [];
    // The first one fills caches of the file system.
    for (let round = -1; round < rounds; round++) {
      // Whoever comes second finds warmer caches: take turns.
      const order = round % 2 === 0 ? [false, true] : [true, false];
      const seconds: Record<string, number> = {};
      for (const withPack of order) seconds[String(withPack)] = await preview(workspace, resources, withPack);
      if (round >= 0) measured.push({ without: seconds.false!, with: seconds.true! });
    }
    return measured;
  });
  const bare = pairs.map(({ without }) => without);
  const judged = pairs.map((pair) => pair.with);
  const added = pairs.map((pair) => pair.with - pair.without);
  const common = { benchmark: "policies", unit: "s" };
  const measure = `pulumi preview, ${resources} resources`;
  return [
    { ...common, measure, server: "without the pack", value: estimate(bare) },
    {
      ...common,
      measure,
      server: "with the pack",
      value: estimate(judged),
      against: { server: "without the pack", ratio: pairedRatio(judged, bare) },
    },
    { ...common, measure: `added to ${resources} resources`, server: "the pack", value: difference(added) },
  ];
}

/** Differences may be below zero, where the interval of rates and times does not hold. */
function difference(values: readonly number[]): Estimate {
  return { value: median(values), ...confidenceInterval(values) };
}

async function preview(workspace: Workspace, resources: number, withPack: boolean): Promise<number> {
  const { code, stderr, stdout, elapsedMs, changes } = await workspace.pulumi(
    "preview",
    "--stack",
    "dev",
    ...(withPack ? ["--policy-pack", PACK] : []),
  );
  if (code !== 0 || (changes.create ?? 0) < resources) {
    throw new Error(`preview of ${resources} resources: ${stderr || stdout}`);
  }
  return elapsedMs / 1000;
}

async function benchStart(folder: string, rounds: number): Promise<Figure[]> {
  const empty = await writeEmptyPack(folder);
  const [own, without]: [number[], number[]] = [[], []];
  for (let round = -1; round < rounds; round++) {
    const pair = [await startSeconds(empty), await startSeconds(PACK)] as const;
    if (round < 0) continue;
    without.push(pair[0]);
    own.push(pair[1]);
  }
  const common = { benchmark: "policies", measure: "start of the pack's process", unit: "s" };
  return [
    { ...common, server: "an empty pack", value: estimate(without) },
    {
      ...common,
      server: "the pack",
      value: estimate(own),
      against: { server: "an empty pack", ratio: pairedRatio(own, without) },
    },
  ];
}
