import { realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { SlipwayError } from "../errors";
import { cacheDir } from "../paths";
import { runProgram } from "./run-program";
import { findPrograms } from "../programs";
import { formatVersion, isAtLeast, parseVersion, type Version } from "./versions";

/** The oldest engine that the SDK in package.json works with. */
export const OLDEST_PULUMI: Version = [3, 200, 0];

export interface OfficialPulumi {
  readonly path: string;
  readonly version: string;
}

/** True for the versions of an engine that the project's SDK works with. */
export function isFittingPulumi(version: Version): boolean {
  return version[0] === OLDEST_PULUMI[0] && isAtLeast(version, OLDEST_PULUMI);
}

/**
 * The user's own `pulumi`: the first on PATH that is not one of ours and whose version fits.
 * `SLIPWAY_ENGINE=embedded` makes it as if there were none.
 */
export async function findOfficialPulumi(): Promise<OfficialPulumi | undefined> {
  if (wantsEmbeddedEngine()) return undefined;
  for (const path of findPrograms("pulumi", []).filter((candidate) => !isOurs(candidate))) {
    const { code, stdout } = await runProgram(path, ["version"], {
      // Without it `pulumi version` asks the network whether there is a newer one.
      env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeoutMs: 10_000,
    });
    const version = code === 0 ? parseVersion(stdout) : undefined;
    if (version && isFittingPulumi(version)) return { path, version: formatVersion(version) };
  }
  return undefined;
}

function wantsEmbeddedEngine(): boolean {
  const choice = process.env.SLIPWAY_ENGINE;
  if (choice === undefined || choice === "") return false;
  if (choice === "embedded") return true;
  throw new SlipwayError(
    `SLIPWAY_ENGINE is "${choice}" and may only be "embedded": set it to that, or unset it to use a pulumi on PATH.`,
  );
}

/** The engine of the cache may be on PATH, linked from anywhere. */
function isOurs(path: string): boolean {
  try {
    return realpathSync(path).startsWith(realpathSync(join(cacheDir(), "toolchain")) + sep);
  } catch {
    return false;
  }
}
