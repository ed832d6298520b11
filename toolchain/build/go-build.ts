import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Task } from "../progress";
import { describeBuild, shareOf } from "./build-estimate";
import { endTogether } from "./end-together";
import { explainGoFailure } from "./go-errors";
import { buildFlags, builtName, missingPrograms, type GroupLayout } from "./go-group";
import { GO_ENVIRONMENT, type GoToolchain } from "./go-toolchain";
import { typicalSeconds, type GoGroup, type GoProgram } from "./tool-groups";

/** How often finished programs are looked for and the shown state is renewed. */
const TICK_MS = 1000;
/** What Go says of each module that its cache lacks. */
const DOWNLOADING = "go: downloading ";
/** Lines of what Go says that are kept for an error. */
const KEPT_LINES = 200;

/**
 * Builds the programs of a group that the cache lacks, in one run of `go build`: one process shares compiled packages and
 * links one program while it compiles the next, so all cores are busy. Each finished program is renamed into the cache at
 * once, so an interrupted build resumes at the next one, and Go's own cache resumes within.
 */
export async function buildGroup(
  group: GoGroup,
  layout: GroupLayout,
  go: GoToolchain,
  task: Task,
): Promise<void> {
  const programs = missingPrograms(group, layout);
  if (programs.length === 0) return;
  // What a killed build left in the stage may be half of a file.
  rmSync(layout.stage, { recursive: true, force: true });
  const output = join(layout.stage, "bin");
  const temporary = join(layout.stage, "tmp");
  for (const folder of [output, temporary, layout.bin]) mkdirSync(folder, { recursive: true });

  const before = existsSync(layout.compiled) ? countLines(readFileSync(layout.compiled, "utf8")) : 0;
  const shareAtStart = shareDone(group, layout, before);
  const started = Date.now();
  let compiled = 0;
  let current = "";
  const tick = (): void => {
    publish(programs, output, layout.bin);
    const state = {
      programs: group.programs.length,
      programsDone: group.programs.length - missingPrograms(group, layout).length,
      packagesDone: before + compiled,
      shareDone: shareDone(group, layout, before + compiled),
      shareAtStart,
      elapsedSeconds: (Date.now() - started) / 1000,
      typicalSeconds: typicalSeconds(group.programs),
    };
    task.update(describeBuild(state, current));
  };
  const onPackage = (name: string): void => {
    compiled++;
    current = name;
    appendFileSync(layout.compiled, `${name}\n`);
  };

  const timer = setInterval(tick, TICK_MS);
  try {
    const args = [
      "build",
      ...buildFlags(group),
      "-o",
      `${output}/`,
      ...programs.map((program) => program.package),
    ];
    const { code, said } = await runGo(go.path, args, group.graph, temporary, (line) => {
      if (isPackage(line)) onPackage(line);
      else if (line.startsWith(DOWNLOADING)) current = line.slice("go: ".length);
    });
    if (code !== 0) throw explainGoFailure(group.title, said);
  } finally {
    clearInterval(timer);
    tick();
  }
  rmSync(layout.stage, { recursive: true, force: true });
}

function shareDone(group: GoGroup, layout: GroupLayout, packagesDone: number): number {
  const total = typicalSeconds(group.programs);
  const secondsDone = total - typicalSeconds(missingPrograms(group, layout));
  return shareOf(packagesDone, group.typicalPackages, secondsDone, total);
}

/** Go renames a finished program into its output folder, so what is found there is whole. */
function publish(programs: readonly GoProgram[], from: string, bin: string): void {
  for (const program of programs) {
    const built = join(from, builtName(program));
    if (existsSync(built)) renameSync(built, join(bin, program.name));
  }
}

function countLines(text: string): number {
  return text.split("\n").length - 1;
}

interface GoOutcome {
  code: number;
  said: string;
}

function runGo(
  go: string,
  args: readonly string[],
  cwd: string,
  temporary: string,
  onLine: (line: string) => void,
): Promise<GoOutcome> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...GO_ENVIRONMENT, GOTMPDIR: temporary };
    const child = spawn(go, args, { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
    // Go's cache keeps what was compiled.
    const release = endTogether(child);
    const kept: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      onLine(line);
      if (isPackage(line) || line.startsWith(DOWNLOADING)) return;
      kept.push(line);
      if (kept.length > KEPT_LINES) kept.shift();
    });
    child.once("error", (error) => {
      release();
      reject(error);
    });
    child.once("close", (code) => {
      release();
      resolve({ code: code ?? 1, said: kept.join("\n") });
    });
  });
}

/** `go build -v` names each package that it compiles, alone on a line; all else that it says has a space or a colon. */
function isPackage(line: string): boolean {
  return /^[^\s:#]+$/.test(line);
}
