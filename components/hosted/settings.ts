import type { ServiceScaling } from "../serving/scaling-settings";
import type { ServiceSettings as Settings } from "../serving/service-settings";
import type { PodSettings, ServiceSettings } from "./service";

/** The settings of a service among its other inputs. */
export function settingsOf(args: ServiceSettings): Settings {
  return {
    ...podSettingsOf(args),
    replicas: args.replicas,
    maxReplicas: args.maxReplicas,
    targetPercent: args.targetPercent,
    // A schema has no unions; the component tells which fields belong together.
    scaling: args.scaling as ServiceScaling | undefined,
    objectives: args.objectives,
    drainDelay: args.drainDelay,
    drainTimeout: args.drainTimeout,
  };
}

/** Those that a worker has, too. */
export function podSettingsOf(args: PodSettings) {
  return {
    recommendResources: args.recommendResources,
    modelSize: args.modelSize,
    cpuRequest: args.cpuRequest,
    cpuLimit: args.cpuLimit,
    memoryRequest: args.memoryRequest,
    memoryLimit: args.memoryLimit,
    gpus: args.gpus,
    nodeSelector: args.nodeSelector,
    tolerations: args.tolerations,
    spread: args.spread,
    priorityClassName: args.priorityClassName,
    podLabels: args.podLabels,
    podAnnotations: args.podAnnotations,
    imagePullSecrets: args.imagePullSecrets,
    startupTimeout: args.startupTimeout,
    options: args.options,
  };
}
