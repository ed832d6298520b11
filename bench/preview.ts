import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AWS_PROGRAM, awsConfig } from "../test/stacks/aws-program";
import { withWorkspace, type Workspace } from "../test/support/engine";
import { childSeconds } from "./child-time";
import type { Figure } from "./figure";
import { estimate, pairedRatio } from "./statistics";

const MEMORY_FILE = "memory.txt";
/** What a program of Pulumi costs that declares nothing. */
const EMPTY = 'require("@pulumi/pulumi");';
/** The most memory that the program had, in KiB. */
const NOTE_MEMORY = `
  process.on("exit", () => require("node:fs").writeFileSync(__dirname + "/${MEMORY_FILE}", String(process.resourceUsage().maxRSS)));
`;

interface Samples {
  readonly seconds: number[];
  /** Processor time of the engine, the program and the plugins. */
  readonly cpuSeconds: number[];
  readonly mebibytes: number[];
}

/** `pulumi preview` of the aws profile, without a policy pack, against that of an empty program, in turns. */
export function benchPreview({ quick }: { quick: boolean }): Promise<Figure[]> {
  const rounds = quick ? 1 : 7;
  return withWorkspace(EMPTY + NOTE_MEMORY, (empty) =>
    withWorkspace(AWS_PROGRAM + NOTE_MEMORY, (aws) => measure(empty, aws, rounds), { config: awsConfig() }),
  );
}

async function measure(empty: Workspace, aws: Workspace, rounds: number): Promise<Figure[]> {
  const names = ["an empty program", "profile aws"] as const;
  const samples: Samples[] = names.map(() => ({ seconds: [], cpuSeconds: [], mebibytes: [] }));
  // The first one fills caches of the file system.
  for (let round = -1; round < rounds; round++) {
    for (const [i, workspace] of [empty, aws].entries()) {
      const before = childSeconds();
      const { code, stderr, elapsedMs, changes } = await workspace.preview();
      const created = changes.create ?? 0;
      if (code !== 0 || created < (i === 0 ? 1 : 100)) throw new Error(`preview of ${names[i]}: ${stderr}`);
      if (round < 0) continue;
      samples[i]!.seconds.push(elapsedMs / 1000);
      samples[i]!.cpuSeconds.push(childSeconds() - before);
      samples[i]!.mebibytes.push(memoryOf(workspace));
    }
  }
  const figures = (measure: string, unit: string, values: (of: Samples) => number[]): Figure[] =>
    samples.map((own, i) => ({
      benchmark: "preview",
      measure,
      server: names[i]!,
      value: estimate(values(own)),
      unit,
      against:
        i === 0 ? undefined : { server: names[0], ratio: pairedRatio(values(own), values(samples[0]!)) },
    }));
  return [
    ...figures("pulumi preview", "s", ({ seconds }) => seconds),
    ...figures("processor time of it", "s", ({ cpuSeconds }) => cpuSeconds),
    ...figures("memory of the program", "MiB", ({ mebibytes }) => mebibytes),
  ];
}

function memoryOf({ folder }: Workspace): number {
  const file = join(folder, MEMORY_FILE);
  if (!existsSync(file)) throw new Error("the program did not say how much memory it had");
  return Number(readFileSync(file, "utf8")) / 1024;
}
