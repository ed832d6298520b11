import { existsSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "../errors";

/**
 * A file of an installed npm package, wherever npm put the package. Not `require.resolve`: packages may forbid all
 * paths but their entry points, and these files are data.
 */
export function packageFile(npmPackage: string, file: string): string {
  const folders = require.resolve.paths(npmPackage) ?? [];
  const found = folders.map((folder) => join(folder, npmPackage, file)).find((path) => existsSync(path));
  if (found) return found;
  throw new SlipwayError(`the npm package ${npmPackage} with ${file} is not installed; run \`npm ci\``);
}
