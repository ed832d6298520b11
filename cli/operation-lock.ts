import { join } from "node:path";
import { lock } from "proper-lockfile";
import { SlipwayError } from "../toolchain/errors";
import { stateDir } from "../toolchain/paths";

/** A lock whose holder died is taken over after this long. */
const STALE_MS = 10_000;

/** Runs `work` while no other `up` or `down` runs on this machine's state. */
export async function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  let release: () => Promise<void>;
  try {
    release = await lock(join(stateDir(), "operation"), {
      // The lock is a folder beside a file that need not exist.
      realpath: false,
      stale: STALE_MS,
      retries: { retries: 6, minTimeout: 2_000, maxTimeout: 2_000 },
    });
  } catch {
    throw new SlipwayError(
      `another \`slipway up\` or \`down\` is running; start \`${name}\` again when it has ended`,
    );
  }
  try {
    return await work();
  } finally {
    await release();
  }
}
