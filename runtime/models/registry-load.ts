import { join } from "node:path";
import { usableCpus } from "../cpu-quota";
import { prepareDrift } from "../drift/monitor/prepare-drift";
import { readPublicKeys } from "./public-keys";
import type { LoadRequest, LoadServable, RegistryOptions } from "./registry-types";
import type { Servable } from "./servable";
import { ServedModel } from "./served-model";
import { warmUp } from "./warmup";

/** Loads versions as sessions in worker threads, those with `pipeline` as pipelines. */
export function servableLoader(options: RegistryOptions): LoadServable {
  const publicKeys = readPublicKeys("--model-public-keys", options.modelPublicKeys ?? []);
  return async (request) => {
    const followed = options.drift && (await prepareDrift(request, options.log));
    const servable = request.config.pipeline
      ? await openPipeline(request, options)
      : await openSession(request, options, publicKeys);
    try {
      const baseline = followed?.check(servable.spec);
      await warmUp(servable);
      // Only now: what warms it up is nobody's request.
      if (baseline) servable.drift = options.drift!.open(baseline);
    } catch (error) {
      await servable.close();
      throw error;
    }
    return servable;
  };
}

function openSession(
  { name, version, dir, config, metrics }: LoadRequest,
  options: RegistryOptions,
  publicKeys: readonly string[],
): Promise<Servable> {
  const instances = config.instances ?? options.instances;
  const { intraOpThreads, maxQueueSize, log, spawn } = options;
  return ServedModel.load({
    name,
    version,
    file: join(dir, "model.onnx"),
    config,
    sideFiles: sideFiles(config.sha256, version),
    publicKeys,
    instances,
    intraOpThreads:
      config.execution?.intraOpThreads ??
      (intraOpThreads || Math.max(1, Math.floor(usableCpus() / instances))),
    maxQueueSize,
    batching: options.batching,
    inline: options.inline,
    workerWatch: options.workerWatch,
    metrics,
    log,
    spawn,
  });
}

function openPipeline(request: LoadRequest, { log }: RegistryOptions): Promise<Servable> {
  const { createPipeline } =
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- costs a server without pipelines nothing
    require("../pipelines/pipeline-model") as typeof import("../pipelines/pipeline-model");
  return createPipeline({ ...request, log });
}

/** Digests of the files beside a version's model, by name. */
function sideFiles(sha256: Readonly<Record<string, string>>, version: string): Record<string, string> {
  const prefix = `${version}/`;
  return Object.fromEntries(
    Object.entries(sha256).flatMap(([path, digest]) =>
      path.startsWith(prefix) ? [[path.slice(prefix.length), digest]] : [],
    ),
  );
}
