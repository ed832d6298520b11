import { resolve, sep } from "node:path";
import { SlipwayError } from "../../toolchain/errors";
import { stateDir } from "../../toolchain/paths";
import { kubeconfigPath } from "../kubeconfig";
import type { ExistingClusterOptions } from "./existing-cluster";

/** Exit status for wrong usage, as sysexits.h has it. */
const EX_USAGE = 64;

export interface ClusterChoice extends Partial<ExistingClusterOptions> {
  embedded?: boolean;
}

/** Where the kubeconfig of the environment is somebody else's cluster, that cluster is meant. */
export function meansExistingCluster(
  { embedded, context }: ClusterChoice,
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  if (context !== undefined) return true;
  return !embedded && Boolean(env.KUBECONFIG) && !isBelow(kubeconfigPath(env), stateDir());
}

const isBelow = (path: string, folder: string): boolean => resolve(path).startsWith(resolve(folder) + sep);

/** Throws one sentence where the options want two clusters at once, or speak of one that is not asked for. */
export function assertOneCluster(options: ClusterChoice, existing: boolean): void {
  if (options.embedded && options.context !== undefined) {
    throw new SlipwayError(
      "`--embedded` is this project's own cluster and `--context` another; leave one of them out",
      EX_USAGE,
    );
  }
  if (existing) return;
  const given = (
    [
      ["--registry", options.registry],
      ["--host", options.host],
      ["--runtime-image", options.runtimeImage],
    ] as const
  ).find(([, value]) => value !== undefined);
  if (given === undefined) return;
  const mend = options.embedded
    ? "leave it or `--embedded` out"
    : "name one with `--context`, or set KUBECONFIG";
  throw new SlipwayError(`\`${given[0]}\` is for an existing cluster; ${mend}`, EX_USAGE);
}
