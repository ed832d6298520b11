/**
 * Writes `dist/`, what the npm package exports: components, server and the policies' test harness as JavaScript with
 * types, so that who installs it needs no loader. A checkout itself runs from its sources: `npm run build` is for
 * packing alone.
 */
import { execFileSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../paths";

const OUT = join(projectRoot, "dist");
/** Read at run time, beside the compiled server. */
const PROTO = "runtime/grpc/proto";

function main(): void {
  rmSync(OUT, { recursive: true, force: true });
  const tsc = require.resolve("typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", join(projectRoot, "tsconfig.package.json")], {
    stdio: "inherit",
  });
  cpSync(join(projectRoot, PROTO), join(OUT, PROTO), { recursive: true });
}

main();
