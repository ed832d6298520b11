import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";
import { identify, isRunning, type ProcessIdentity } from "../toolchain/cluster/process-identity";
import { SlipwayError } from "../toolchain/errors";
import { stateDir } from "../toolchain/paths";
import { writePrivate } from "./local-session";

/** A lock whose holder died is taken over after this long. */
const STALE_MS = 10_000;
const RETRY_MS = 500;
/** Longer than a lock takes to become stale. */
const PATIENCE_MS = STALE_MS + 3_000;

interface Owner {
  /** `up` or `down`. */
  readonly name: string;
  readonly process: ProcessIdentity;
}

/**
 * Runs `work` while no other `up`, `down` or switch of traffic runs on this machine's state.
 * @param waitMs how long one that runs is waited for @default 0
 * @param meanwhile done again and again while it is waited for
 */
export async function exclusively<T>(
  name: string,
  work: () => Promise<T>,
  waitMs = 0,
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<T> {
  const dir = stateDir();
  const ownerFile = join(dir, "operation.owner");
  const release = await acquire(dir, ownerFile, { name, waitMs, meanwhile });
  const identity = process.platform === "linux" ? identify(process.pid) : undefined;
  if (identity) writePrivate(ownerFile, JSON.stringify({ name, process: identity } satisfies Owner));
  try {
    return await work();
  } finally {
    rmSync(ownerFile, { force: true });
    await release().catch(() => undefined); // lost while this machine slept: nothing to give back
  }
}

async function acquire(
  dir: string,
  ownerFile: string,
  { name, waitMs, meanwhile }: { name: string; waitMs: number; meanwhile: () => Promise<unknown> },
): Promise<() => Promise<void>> {
  const startedAt = Date.now();
  const deadline = startedAt + Math.max(PATIENCE_MS, waitMs);
  for (;;) {
    try {
      return await lock(join(dir, "operation"), {
        // The lock is a folder beside a file that need not exist.
        realpath: false,
        stale: STALE_MS,
        onCompromised: () => undefined,
      });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ELOCKED") {
        throw new SlipwayError(
          `the state folder ${dir} cannot be written (${code ?? String(error)}); make it writable, or set SLIPWAY_STATE_DIR to a folder that is`,
        );
      }
    }
    // One that was killed holds its lock until it is stale; one that runs is not waited for.
    const owner = readOwner(ownerFile);
    const runs = owner !== undefined && isRunning(owner.process) && Date.now() - startedAt >= waitMs;
    if (runs || Date.now() > deadline) throw busy(owner, name);
    await meanwhile();
    await sleep(RETRY_MS);
  }
}

function busy(owner: Owner | undefined, name: string): SlipwayError {
  const who = owner
    ? `another \`slipway ${owner.name}\` (process ${owner.process.pid})`
    : "another `slipway up` or `down`";
  return new SlipwayError(`${who} is running; start \`${name}\` again when it has ended`);
}

function readOwner(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Owner;
  } catch {
    return undefined;
  }
}
