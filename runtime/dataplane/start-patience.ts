import { setTimeout as sleep } from "node:timers/promises";
import { publicError } from "../errors";
import type { ModelRegistry } from "../models/registry";
import type { Servable } from "../models/servable";

/** Milliseconds for which an inference request waits for its model while the server starts. */
const START_PATIENCE_MS = 2_000;
const LOOK_AGAIN_MS = 20;

/**
 * Finds a model; while the server starts, a promise of it. Nobody sends requests to a server that is not ready, unless it was a moment
 * ago: one that died and is back before load balancers have noticed answers late instead of not at all.
 * @throws ModelNotFound or ModelNotReady
 */
export function resolvePatiently(
  registry: Pick<ModelRegistry, "resolve" | "isStarting">,
  name: string,
  version?: string,
  patienceMs = START_PATIENCE_MS,
): Servable | Promise<Servable> {
  try {
    return registry.resolve(name, version);
  } catch (error) {
    if (!registry.isStarting || publicError(error).code !== "ModelNotReady") throw error;
    return untilLoaded(registry, name, version, patienceMs);
  }
}

async function untilLoaded(
  registry: Pick<ModelRegistry, "resolve" | "isStarting">,
  name: string,
  version: string | undefined,
  patienceMs: number,
): Promise<Servable> {
  for (const deadline = performance.now() + patienceMs; ;) {
    await sleep(LOOK_AGAIN_MS);
    try {
      return await registry.resolve(name, version);
    } catch (error) {
      const isWaiting = registry.isStarting && publicError(error).code === "ModelNotReady";
      if (!isWaiting || performance.now() > deadline) throw error;
    }
  }
}
