import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Every regular file in a folder and in those below it, sorted. */
export function filesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true })
    .map((name) => join(dir, String(name)))
    .filter((path) => statSync(path).isFile())
    .sort();
}
