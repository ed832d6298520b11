import type * as pulumi from "@pulumi/pulumi";
import { blocksUpdates, checkPoolFit, fillsPool } from "../internal/gpu-pool";
import { Problems } from "../internal/validation";
import type { KnownModels, ModelReference } from "../model/repository-models";
import { checkQueues, checkWorker } from "./queue-worker-checks";
import {
  QUEUE_WORKER_DEFAULTS,
  type FilledQueueWorker,
  type KafkaQueues,
  type QueueWorkerSettings,
  type RabbitMqQueues,
} from "./queue-worker-settings";
import { resolveService, type ResolvedService } from "./service-settings";

/** What is checked as it was given. */
export interface GivenQueueWorker extends QueueWorkerSettings {
  readonly image: pulumi.Input<string>;
  readonly repository: KnownModels;
  readonly models: readonly ModelReference[];
  readonly queue: KafkaQueues | RabbitMqQueues;
}

/** A worker as it is declared, resolved: what its pods share with those of a service, and what is its own. */
export interface ResolvedQueueWorker {
  readonly pods: ResolvedService;
  readonly worker: FilledQueueWorker;
}

/**
 * Fills in the defaults and checks the whole declaration.
 * @throws InputPropertiesError with every problem.
 */
export function resolveQueueWorker(name: string, args: GivenQueueWorker): ResolvedQueueWorker {
  const problems = new Problems("QueueWorker", name);
  const worker = fill(args);
  let pods: ResolvedService | undefined;
  problems.absorb("", () => {
    // The number of pods is the worker's own matter, and so is when they end; the rest is as with a service.
    pods = resolveService(name, {
      ...args,
      replicas: 1,
      maxReplicas: 1,
      drainDelay: 0,
      drainTimeout: worker.drainTimeout >= 1 ? worker.drainTimeout : 1,
    });
  });
  checkQueues(args.queue, problems);
  checkWorker(worker, args.models, problems);
  const { replicas, maxReplicas } = worker;
  // Of a single pod it has been checked above.
  if (pods && args.gpuPool) checkPoolFit({ gpus: pods.gpus, maxReplicas }, args.gpuPool, problems);
  problems.throwIfAny();
  const share = { gpus: pods!.gpus, poolTaken: pods!.poolTaken, replicas, maxReplicas };
  const endsPodsFirst = fillsPool(share, args.gpuPool);
  return { pods: { ...pods!, endsPodsFirst, blocksUpdates: blocksUpdates(share, args.gpuPool) }, worker };
}

function fill(args: GivenQueueWorker): FilledQueueWorker {
  const replicas = args.replicas ?? QUEUE_WORKER_DEFAULTS.replicas;
  const names = new Set(args.models.map(({ name }) => name));
  const [only] = names;
  return {
    replicas,
    maxReplicas: args.maxReplicas ?? Math.max(1, replicas),
    lagPerReplica: args.lagPerReplica ?? QUEUE_WORKER_DEFAULTS.lagPerReplica,
    activationLag: args.activationLag ?? QUEUE_WORKER_DEFAULTS.activationLag,
    cooldown: args.cooldown ?? QUEUE_WORKER_DEFAULTS.cooldown,
    scaleDownDelay: args.scaleDownDelay ?? QUEUE_WORKER_DEFAULTS.scaleDownDelay,
    maxInFlight: args.maxInFlight ?? QUEUE_WORKER_DEFAULTS.maxInFlight,
    maxAttempts: args.maxAttempts ?? QUEUE_WORKER_DEFAULTS.maxAttempts,
    drainTimeout: args.drainTimeout ?? QUEUE_WORKER_DEFAULTS.drainTimeout,
    brokerPods: args.brokerPods ?? QUEUE_WORKER_DEFAULTS.brokerPods,
    brokerCidrs: args.brokerCidrs ?? QUEUE_WORKER_DEFAULTS.brokerCidrs,
    defaultModel: args.defaultModel ?? (names.size === 1 ? only : undefined),
  };
}
