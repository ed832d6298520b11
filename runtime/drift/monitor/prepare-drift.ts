import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Logger } from "pino";
import type { ModelSpec } from "../../dataplane/model-spec";
import type { LoadRequest } from "../../models/registry-types";
import { BASELINE_FILE } from "./drift-config";
import type { DriftMonitorOptions } from "./drift-monitor";

/** A baseline that was read, and is yet to be held against the model. */
export interface PreparedDrift {
  /**
   * @returns what is to be followed
   * @throws Error with one sentence where the baseline is not of this model
   */
  check(
    spec: ModelSpec,
  ): Pick<DriftMonitorOptions, "model" | "version" | "baseline" | "baselineSha256" | "spec" | "config">;
}

/**
 * Reads the baseline of a version that is about to be loaded: before its session is, which takes longer.
 * @returns undefined where its drift is not to be followed
 * @throws Error with one sentence
 */
export async function prepareDrift(
  { name: model, version, dir, config }: Pick<LoadRequest, "name" | "version" | "dir" | "config">,
  log: Logger,
): Promise<PreparedDrift | undefined> {
  const { drift, sha256 } = config;
  if (drift === false) return undefined;
  const pinned = sha256[`${version}/${BASELINE_FILE}`] !== undefined;
  if (!existsSync(join(dir, BASELINE_FILE)) && !pinned) {
    if (drift === undefined) return undefined;
    if (othersHaveOne(dir)) {
      log.warn({ model, version }, `drift of the version is not followed: it has no \`${BASELINE_FILE}\``);
      return undefined;
    }
    throw new Error(
      `\`drift\` in \`model.json\` needs \`${BASELINE_FILE}\` beside the model of version ${version}; make it with \`slipway baseline\`, or take \`drift\` out.`,
    );
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- its parser costs a server without baselines nothing
  const { loadBaseline } = require("./load-baseline") as typeof import("./load-baseline");
  const { baseline, sha256: baselineSha256 } = await loadBaseline(dir, version, sha256);
  return {
    check(spec) {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
      const { checkBaseline } = require("../read-baseline") as typeof import("../read-baseline");
      const { warnings } = checkBaseline(baseline, spec, sha256[version]);
      for (const warning of warnings) log.warn({ model, version }, warning);
      return { model, version, baseline, baselineSha256, spec, config: drift ?? {} };
    },
  };
}

/** Versions from before baselines were made go on being served beside newer ones. */
function othersHaveOne(dir: string): boolean {
  const model = dirname(dir);
  try {
    return readdirSync(model).some((entry) => existsSync(join(model, entry, BASELINE_FILE)));
  } catch {
    return false;
  }
}
