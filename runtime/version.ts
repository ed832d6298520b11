import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Looked for beside the bundle first, then above `runtime/`, in a checkout and in the installed package alike. */
function readVersion(): string {
  for (const candidate of ["package.json", "../package.json", "../../package.json"]) {
    try {
      const { version } = JSON.parse(readFileSync(join(__dirname, candidate), "utf8")) as {
        version?: string;
      };
      if (version) return version;
    } catch {
      // The next candidate may be there.
    }
  }
  return "0.0.0";
}

/** The version of the package that this server belongs to. */
export const VERSION = readVersion();
