import {
  SERVERLESS_DEFAULTS,
  type GivenServerless,
  type ResolvedServerless,
} from "../serving/serverless-settings";
import { mostStorageBytes } from "./model-footprint";
import { byteCount } from "./quantity";
import { checkServerless } from "./serverless-checks";

const MI = 2 ** 20;

/**
 * Fills in the defaults and checks everything.
 * @throws InputPropertiesError with every problem.
 */
export function resolveServerless(name: string, args: GivenServerless): ResolvedServerless {
  const modelBytes = args.modelSize === undefined ? 0 : (byteCount(args.modelSize) ?? 0);
  const mebibytes = (bytes: number) => Math.ceil(bytes / MI);
  const storage = modelBytes === 0 ? 0 : mebibytes(mostStorageBytes(modelBytes));
  const settings: ResolvedServerless = {
    models: args.models,
    repository: args.repository,
    modelSize: args.modelSize,
    domain: args.domain,
    network: args.network,
    keyArn: args.keyArn,
    metricsNamespace: args.metricsNamespace,
    modelBytes,
    auth:
      args.auth?.type === "jwt"
        ? { ...args.auth, scopes: args.auth.scopes ?? SERVERLESS_DEFAULTS.scopes }
        : args.auth,
    imageModels: args.imageModels ?? SERVERLESS_DEFAULTS.imageModels,
    architecture: args.architecture ?? SERVERLESS_DEFAULTS.architecture,
    memoryMiB: args.memoryMiB ?? SERVERLESS_DEFAULTS.memoryMiB + mebibytes(2 * modelBytes),
    storageMiB: args.storageMiB ?? SERVERLESS_DEFAULTS.storageMiB + storage,
    timeout: args.timeout ?? SERVERLESS_DEFAULTS.timeout,
    reservedConcurrency: args.reservedConcurrency ?? SERVERLESS_DEFAULTS.reservedConcurrency,
    provisionedConcurrency: args.provisionedConcurrency ?? SERVERLESS_DEFAULTS.provisionedConcurrency,
    requestsPerSecond: args.requestsPerSecond ?? SERVERLESS_DEFAULTS.requestsPerSecond,
    burst: args.burst ?? SERVERLESS_DEFAULTS.burst,
    logRetentionDays: args.logRetentionDays ?? SERVERLESS_DEFAULTS.logRetentionDays,
    options: args.options ?? SERVERLESS_DEFAULTS.options,
    tags: args.tags ?? SERVERLESS_DEFAULTS.tags,
  };
  checkServerless(name, args, settings);
  return settings;
}
