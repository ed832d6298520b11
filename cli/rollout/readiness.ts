import type { SlotCondition } from "../../rollout/plan";
import type { ClusterObject } from "./kubernetes";

interface DeploymentParts {
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
  };
}

interface SliceParts {
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[];
}

const pods = (count: number) => (count === 1 ? "1 pod" : `${count} pods`);

/** Whether the pods of a slot could answer now, from its Deployment and the endpoints of its Service. */
export function conditionOf(
  deployment: ClusterObject | undefined,
  slices: readonly ClusterObject[],
): Pick<SlotCondition, "filled" | "ready" | "cold" | "detail"> {
  if (!deployment) return { filled: false, ready: false, cold: false, detail: "it has nothing to run" };
  const { spec, status = {} } = deployment as unknown as DeploymentParts;
  const wanted = spec?.replicas ?? 1;
  const ready = status.readyReplicas ?? 0;
  const answer = (isReady: boolean, detail: string) => ({
    filled: true,
    ready: isReady,
    cold: false,
    detail,
  });
  if (wanted === 0) return { ...answer(false, "it is cold: it has no pods"), cold: true };
  if ((status.observedGeneration ?? 0) < (deployment.metadata.generation ?? 0)) {
    return answer(false, "its last change has not been taken up yet");
  }
  if (ready === 0) return answer(false, `0 of ${pods(wanted)} are ready`);
  const endpoints = slices
    .flatMap((slice) => (slice as unknown as SliceParts).endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false).length;
  if (endpoints === 0)
    return answer(false, `${ready} of ${pods(wanted)} are ready, but its Service has no endpoints yet`);
  if ((status.updatedReplicas ?? 0) === 0) return answer(false, "none of its pods has the new version yet");
  return answer(true, `${ready} of ${pods(wanted)} ${wanted === 1 ? "is" : "are"} ready`);
}

/** Digest of the server's image, where the Deployment names one by digest. */
export function digestOf(deployment: ClusterObject | undefined): string | undefined {
  const { spec } = (deployment ?? {}) as unknown as DeploymentParts;
  const images = spec?.template?.spec?.containers ?? [];
  return images.map(({ image }) => /@(sha256:[0-9a-f]{64})$/.exec(image ?? "")?.[1]).find(Boolean);
}
