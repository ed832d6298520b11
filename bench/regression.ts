import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { BenchContext } from "./context";
import type { Figure } from "./figure";
import { firstAnswer } from "./first-answer";
import { measurePoint, type Contestant, type Pace, type Point } from "./interleaved";
import type { LoadOrder } from "./load/main";
import { tabular, vision, writeModel } from "./models";
import { ServerProcess } from "./server-process";
import { bundle, slipway } from "./servers";
import { withTemporaryFolder } from "./temporary-folder";

const projectRoot = join(__dirname, "..");

const PLAN = [
  { model: tabular, concurrencies: [1, 64] },
  { model: vision, concurrencies: [16] },
];
const FORMATS = ["json", "binary", "grpc"] as const;

const PACE: Pace = { rounds: 7, milliseconds: 900, warmupMs: 600 };
const QUICK: Pace = { rounds: 2, milliseconds: 200, warmupMs: 100 };

const git = (...args: string[]) =>
  execFileSync("git", args, { cwd: projectRoot, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();

/** The checkout as it is now against a commit, both in the same rounds. @param reference anything that `git rev-parse` knows */
export async function benchRegression(context: BenchContext, reference: string): Promise<Figure[]> {
  const commit = resolveCommit(reference);
  return withTemporaryFolder(async (folder) => {
    const before = join(folder, "before");
    const remove = () => {
      if (existsSync(before)) git("worktree", "remove", "--force", before);
    };
    // Before the folder goes: git keeps a list of its worktrees.
    process.prependOnceListener("exit", remove);
    try {
      git("worktree", "add", "--detach", before, commit);
      return await measure(context, reference, before, folder);
    } finally {
      process.off("exit", remove);
      remove();
    }
  });
}

async function measure(
  { cores, load, quick }: BenchContext,
  reference: string,
  before: string,
  folder: string,
): Promise<Figure[]> {
  const contestants: Contestant[] = [];
  const figures: Figure[] = [];
  try {
    shareModules(before);
    const bundles = {
      now: bundle(projectRoot, join(folder, "now-image")),
      [reference]: bundle(before, join(folder, "before-image")),
    };
    for (const { model: make, concurrencies } of PLAN) {
      const model = make();
      const repository = join(folder, model.name);
      writeModel(repository, model);
      for (const [name, bundled] of Object.entries(bundles)) {
        const server = await ServerProcess.start(slipway(name, bundled, repository), cores);
        contestants.push({ server, check: true });
        await firstAnswer(server, model);
      }
      for (const format of FORMATS) {
        const points = concurrencies.map((concurrency): Point => {
          return { benchmark: "regression", model: model.name as Point["model"], format, concurrency };
        });
        if (!(await answersBoth(format, points[0]!))) continue;
        for (const point of points) {
          figures.push(...(await measurePoint(contestants, point, load, quick ? QUICK : PACE, reference)));
        }
      }
      await Promise.all(contestants.splice(0).map(({ server }) => server.stop()));
    }
    return figures;
  } finally {
    await Promise.all(contestants.map(({ server }) => server.stop()));
  }

  /** A format that one of the two does not speak cannot be compared. */
  async function answersBoth(format: LoadOrder["format"], { model }: Point): Promise<boolean> {
    for (const { server, check } of contestants) {
      const port = format === "grpc" ? server.ports.grpc! : server.ports.http;
      try {
        await load.run({ model, format, port, concurrency: 1, milliseconds: 50, check });
      } catch (error) {
        console.error(`${format} is left out, \`${server.name}\` does not answer it: ${String(error)}`);
        return false;
      }
    }
    return true;
  }
}

function resolveCommit(reference: string): string {
  try {
    return git("rev-parse", "--verify", "--quiet", `${reference}^{commit}`);
  } catch {
    throw new Error(`\`--against\` (${reference}) must name a commit of this repository`);
  }
}

/** Installing the other commit's own packages would take minutes; those of the checkout do unless the lockfiles differ much. */
function shareModules(before: string): void {
  symlinkSync(join(projectRoot, "node_modules"), join(before, "node_modules"));
  const lock = (folder: string) => readFileSync(join(folder, "package-lock.json"), "utf8");
  if (lock(before) !== lock(projectRoot)) {
    console.error("package-lock.json differs: both are measured with the packages that are installed here.");
  }
}
