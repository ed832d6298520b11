import { existsSync } from "node:fs";
import { ensureTools } from "../../toolchain/build";
import { silent } from "../../toolchain/progress";

/**
 * Where Prometheus' own checker is: what SLIPWAY_PROMTOOL names, else the one that the toolchain builds, of the Prometheus that
 * the cluster runs.
 * @throws Error where the named file does not exist
 */
export async function findPromtool(): Promise<string> {
  const named = process.env.SLIPWAY_PROMTOOL;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`SLIPWAY_PROMTOOL (${named}) does not exist.`);
  }
  return (await ensureTools(["promtool"], silent)).path("promtool");
}
