import type { SlotCondition } from "../../rollout/situation";
import type { PublishedSlot } from "../../rollout/published";
import type { ClusterObject } from "./kubernetes";

interface DeploymentParts {
  readonly spec?: {
    /** What an autoscaler wants, where there is one. */
    readonly replicas?: number;
    readonly progressDeadlineSeconds?: number;
    readonly strategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly maxUnavailable?: number | string };
    };
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

/** Of a Deployment that does not say how many pods may be missing. */
const MAX_UNAVAILABLE = "25%";
/** Seconds for a pod to become ready, of a Deployment that does not say it. */
const PROGRESS_DEADLINE = 600;

/**
 * How many ready pods the Deployment promises: those that it wants, less those that its strategy lets be missing, and one at least.
 * @param wanted more than 0
 */
function promised(spec: DeploymentParts["spec"], wanted: number): number {
  const { type, rollingUpdate } = spec?.strategy ?? {};
  if (type !== "RollingUpdate") return wanted;
  const { maxUnavailable = MAX_UNAVAILABLE } = rollingUpdate ?? {};
  const missing =
    typeof maxUnavailable === "number"
      ? maxUnavailable
      : Math.floor((wanted * Number.parseInt(maxUnavailable, 10)) / 100);
  return Math.max(1, wanted - missing);
}

const pods = (count: number) => (count === 1 ? "1 pod" : `${count} pods`);

/** Of a slot without a Deployment. */
export const NOTHING = { filled: false, ready: false, answers: false, cold: false, patienceMs: 0 } as const;

/** Whether the pods of a slot could answer now, from its Deployment and the endpoints of its Service. */
export function conditionOf(
  deployment: ClusterObject | undefined,
  slices: readonly ClusterObject[],
): Omit<SlotCondition, "content"> {
  if (!deployment) return { ...NOTHING, detail: "it has nothing to run" };
  const { spec, status = {} } = deployment as unknown as DeploymentParts;
  const wanted = spec?.replicas ?? 1;
  const ready = status.readyReplicas ?? 0;
  const endpoints = slices
    .flatMap((slice) => (slice as unknown as SliceParts).endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false).length;
  const answers = ready > 0 && endpoints > 0;
  const answer = (isReady: boolean, detail: string) => ({
    filled: true,
    ready: isReady,
    answers,
    cold: false,
    patienceMs: 1000 * (spec?.progressDeadlineSeconds ?? PROGRESS_DEADLINE),
    detail,
  });
  if (wanted === 0) return { ...answer(false, "it is cold: it has no pods"), answers: false, cold: true };
  if ((status.observedGeneration ?? 0) < (deployment.metadata.generation ?? 0)) {
    return answer(false, "its last change has not been taken up yet");
  }
  if (ready === 0) return answer(false, `0 of ${pods(wanted)} are ready`);
  if (!answers)
    return answer(false, `${ready} of ${pods(wanted)} are ready, but its Service has no endpoints yet`);
  if ((status.updatedReplicas ?? 0) === 0) return answer(false, "none of its pods has the new version yet");
  const sentence = `${ready} of ${pods(wanted)} ${wanted === 1 ? "is" : "are"} ready`;
  const isEnough = ready >= promised(spec, wanted);
  const old = (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  if (old <= 0) return answer(isEnough, sentence);
  // Kubernetes keeps them for as long as the new ones do not become ready.
  const outdated = `${pods(old)} ${old === 1 ? "is" : "are"} from before its last change`;
  return { ...answer(isEnough, `${sentence}, ${outdated}`), outdated };
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
