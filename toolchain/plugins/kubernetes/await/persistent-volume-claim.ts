import { gvkOf } from "../kinds";
import type { KubeObject } from "../object";
import { textAt } from "../object";
import { failed, ready, waiting } from "./readiness";
import type { ReadinessContext, Verdict } from "./readiness";

const STORAGE_CLASS = gvkOf("storage.k8s.io/v1", "StorageClass");

/** Bound; or pending on purpose, because its class binds only once a pod wants the volume. */
export async function persistentVolumeClaim(live: KubeObject, context: ReadinessContext): Promise<Verdict> {
  const phase = textAt(live, "status", "phase");
  if (phase === "Bound") return ready();
  if (phase === "Lost") return failed("the claim has lost its volume");
  const name = textAt(live, "spec", "storageClassName");
  if (name) {
    const storageClass = await context.cluster.find({ gvk: STORAGE_CLASS, name }, context.signal);
    if (textAt(storageClass, "volumeBindingMode") === "WaitForFirstConsumer") {
      return ready("waits for its first consumer");
    }
    if (!storageClass) return waiting(`there is no StorageClass "${name}"`);
  }
  return waiting("no volume is bound to the claim");
}
