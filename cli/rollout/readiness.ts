import type { SlotCondition } from "../../rollout/situation";
import type { PublishedSlot } from "../../rollout/published";
import type { ClusterObject } from "./kubernetes";

interface DeploymentParts {
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: {
      readonly spec?: {
        readonly containers?: readonly { readonly image?: string }[];
        readonly initContainers?: readonly { readonly args?: readonly string[] }[];
      };
    };
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
): Omit<SlotCondition, "content"> {
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
  const sentence = `${ready} of ${pods(wanted)} ${wanted === 1 ? "is" : "are"} ready`;
  const old = (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  if (old <= 0) return answer(true, sentence);
  // Kubernetes keeps them for as long as the new ones do not become ready.
  const outdated = `${pods(old)} ${old === 1 ? "is" : "are"} from before its last change`;
  return { ...answer(true, `${sentence}, ${outdated}`), outdated };
}

/** Digest of the server's image, where the Deployment names one by digest. */
export function digestOf(deployment: ClusterObject | undefined): string | undefined {
  const { spec } = (deployment ?? {}) as unknown as DeploymentParts;
  const images = spec?.template?.spec?.containers ?? [];
  return images.map(({ image }) => /@(sha256:[0-9a-f]{64})$/.exec(image ?? "")?.[1]).find(Boolean);
}

/** The models that the pods fetch before they start, and their digests; none where models come in another way. */
export function modelsIn(deployment: ClusterObject | undefined): PublishedSlot["models"] {
  const { spec } = (deployment ?? {}) as unknown as DeploymentParts;
  return (spec?.template?.spec?.initContainers ?? []).flatMap(({ args = [] }) => {
    const after = (flag: string) => args[args.indexOf(flag) + 1] ?? "";
    if (args[0] !== "pull" || !args.includes("--sha256")) return [];
    return [{ name: after("--name"), version: after("--version"), sha256: after("--sha256") }];
  });
}
