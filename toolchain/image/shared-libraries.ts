import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import type { ImageFile } from "./image-spec";

/**
 * The shared libraries that a program or library on this machine needs, its ELF interpreter included, as image files
 * under the very paths where the dynamic loader looks for them. Empty for a static program.
 */
export function sharedLibraries(...programs: string[]): ImageFile[] {
  const paths = new Set(programs.flatMap((program) => parseLdd(runLdd(program))));
  return [...paths].map((path) => ({ path, source: realpathSync(path), mode: 0o755 }));
}

function runLdd(program: string): string {
  try {
    return execFileSync("ldd", [program], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    if (/not a dynamic executable/.test(stdout + stderr)) return "";
    throw error;
  }
}

/** Reads `ldd`'s lines: `libc.so.6 => /lib/…/libc.so.6 (0x…)` and `/lib64/ld-linux-x86-64.so.2 (0x…)`. */
export function parseLdd(output: string): string[] {
  const paths: string[] = [];
  for (const line of output.split("\n")) {
    const missing = /^\s*(\S+) => not found/.exec(line);
    if (missing) throw new Error(`The shared library ${missing[1]} is not installed`);
    const match = /^\s*(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)/.exec(line);
    if (match?.[1]) paths.push(match[1]);
  }
  return paths;
}
