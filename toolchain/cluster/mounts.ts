import { readFileSync } from "node:fs";
import { runCommand, tryCommand } from "./run-command";

export interface Mount {
  readonly path: string;
  /** File system type, e.g. `overlay`. */
  readonly type: string;
}

export function readMounts(): Mount[] {
  return parseMountInfo(readFileSync("/proc/self/mountinfo", "utf8"));
}

/** Reads /proc/PID/mountinfo: the fifth field is the path, and the type follows a lone dash. */
export function parseMountInfo(text: string): Mount[] {
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [before = "", after = ""] = line.split(" - ");
      return { path: unescapeOctal(before.split(" ")[4] ?? ""), type: after.split(" ")[0] ?? "" };
    });
}

/** Blanks, tabs, newlines and backslashes are written as three octal digits. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

/** Unmounts everything at or below the folders, the innermost first. */
export async function unmountBelow(...folders: string[]): Promise<void> {
  const paths = readMounts()
    .map(({ path }) => path)
    .filter((path) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`)))
    .reverse();
  for (const path of paths) {
    const { code } = await tryCommand("umount", [path]);
    // A process that was just killed may still hold it for a moment; detached, it goes when the last one lets go.
    if (code !== 0) await runCommand("umount", ["--lazy", path]);
  }
}

/** The type of the file system that holds a path. */
export function fileSystemOf(path: string): string {
  let best: Mount = { path: "", type: "unknown" };
  for (const mount of readMounts()) {
    const prefix = mount.path === "/" ? "/" : `${mount.path}/`;
    if (`${path}/`.startsWith(prefix) && mount.path.length >= best.path.length) best = mount;
  }
  return best.type;
}
