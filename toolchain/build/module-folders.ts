import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { SlipwayError } from "../errors";
import { explainGoFailure } from "./go-errors";
import { missingModules, type GroupLayout } from "./go-group";
import { GO_ENVIRONMENT, type GoToolchain } from "./go-toolchain";
import { runProgram } from "./run-program";
import type { GoGroup } from "./tool-groups";

/**
 * Copies the charts and CRDs that lie in the group's modules beside its programs: in the versions of the module graph, and
 * there still when Go's own cache is cleared or Go is gone.
 */
export async function copyModuleFolders(group: GoGroup, layout: GroupLayout, go: GoToolchain): Promise<void> {
  for (const module of missingModules(group, layout)) {
    const source = await downloadModule(group, module, go);
    const target = join(layout.modules, module);
    const temporary = `${target}.${process.pid}.tmp`;
    rmSync(temporary, { recursive: true, force: true });
    for (const folder of group.moduleFolders[module] ?? []) copyFolder(source, temporary, folder, module);
    mkdirSync(dirname(target), { recursive: true });
    renameSync(temporary, target);
  }
}

/** The folder of a module's sources, downloaded where it is not there yet. */
async function downloadModule(group: GoGroup, module: string, go: GoToolchain): Promise<string> {
  const outcome = await runProgram(go.path, ["mod", "download", "-json", module], {
    cwd: group.graph,
    env: GO_ENVIRONMENT,
  });
  const answer =
    outcome.stdout.trim() === "" ? {} : (JSON.parse(outcome.stdout) as { Dir?: string; Error?: string });
  if (answer.Dir) return answer.Dir;
  throw explainGoFailure(group.title, answer.Error ?? outcome.stderr);
}

function copyFolder(source: string, target: string, folder: string, module: string): void {
  const from = join(source, folder);
  if (!existsSync(from)) {
    throw new SlipwayError(
      `The Go module ${module} has no folder "${folder}": its version in go.mod does not fit this release.`,
    );
  }
  const to = join(target, folder);
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true });
  makeWritable(to);
}

/** Go keeps modules read-only; a copy that its owner cannot delete would be a nuisance. */
function makeWritable(path: string): void {
  chmodSync(path, 0o755);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) makeWritable(child);
    else chmodSync(child, 0o644);
  }
}
