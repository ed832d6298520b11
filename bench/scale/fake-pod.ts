import type { V1ContainerStatus, V1Pod, V1PodStatus } from "@kubernetes/client-node";

/**
 * What a kubelet would report of a pod whose containers have started and are ready: the fields that kwok's stage
 * `pod-ready` sets (kustomize/stage/pod/fast/pod-ready.yaml in kubernetes-sigs/kwok).
 */
export function readyStatus(
  pod: V1Pod,
  addresses: { hostIP: string; podIP: string },
  now: Date,
): V1PodStatus {
  const { containers = [], initContainers = [], readinessGates = [] } = pod.spec ?? {};
  const conditions = [
    "Initialized",
    "Ready",
    "ContainersReady",
    ...readinessGates.map((gate) => gate.conditionType),
  ];
  return {
    phase: "Running",
    startTime: now,
    ...addresses,
    podIPs: [{ ip: addresses.podIP }],
    conditions: conditions.map((type) => ({ type, status: "True", lastTransitionTime: now })),
    containerStatuses: containers.map((container) => started(container, now)),
    initContainerStatuses: initContainers.map((container) =>
      // One that always restarts is a sidecar, which runs beside the others.
      container.restartPolicy === "Always" ? started(container, now) : completed(container, now),
    ),
  };
}

type Container = NonNullable<V1Pod["spec"]>["containers"][number];

function started({ name, image = "" }: Container, now: Date): V1ContainerStatus {
  return {
    name,
    image,
    imageID: "",
    ready: true,
    started: true,
    restartCount: 0,
    state: { running: { startedAt: now } },
  };
}

function completed({ name, image = "" }: Container, now: Date): V1ContainerStatus {
  const terminated = { exitCode: 0, reason: "Completed", startedAt: now, finishedAt: now };
  return { name, image, imageID: "", ready: true, restartCount: 0, state: { terminated } };
}
