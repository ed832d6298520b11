import type {
  CheckFailure,
  CheckRequest,
  CheckResult,
  DiffRequest,
  DiffResult,
  PropertyDiff,
} from "../shared/provider";
import { isUnknown, sameValue, unwrap } from "../shared/values";
import type { Properties } from "../shared/values";
import type { ClusterEntry } from "./client/kubeconfig";
import { readKubeconfig, selectTarget } from "./client/kubeconfig";
import { readConfig } from "./provider-config";

/** The keys by which the cluster is chosen. */
const CLUSTER_KEYS = ["kubeconfig", "context", "cluster"];

/** Options that make no sense together, as the official provider sees it. */
export async function checkProviderConfig({ newInputs }: CheckRequest): Promise<CheckResult> {
  const config = readConfig(newInputs);
  const failures: CheckFailure[] = [];
  if (config.renderYamlToDirectory !== undefined) {
    for (const key of ["cluster", "context", "kubeconfig"] as const) {
      // SDKs fill in `kubeconfig` from the environment without being asked.
      const ambient = key === "kubeconfig" && config.kubeconfig === process.env.KUBECONFIG;
      if (config[key] !== undefined && !ambient) {
        failures.push({ property: key, reason: `"${key}" cannot be combined with "renderYamlToDirectory".` });
      }
    }
  }
  return { inputs: newInputs, failures };
}

function activeCluster(properties: Properties): ClusterEntry | undefined {
  const { kubeconfig, context, cluster } = readConfig(properties);
  if (kubeconfig === undefined) return undefined;
  try {
    return selectTarget(readKubeconfig(kubeconfig), { context, cluster }).cluster;
  } catch {
    // A file that is gone says nothing about the cluster that it described.
    return undefined;
  }
}

/**
 * A change of cluster replaces every resource: they cannot move. Clusters have no identity of their own, so that the
 * kubeconfig's entry (address and authority) stands for it; new credentials for the same entry replace nothing.
 */
export async function diffProviderConfig({
  oldInputs,
  oldOutputs,
  newInputs,
}: DiffRequest): Promise<DiffResult> {
  const before = Object.keys(oldInputs).length > 0 ? oldInputs : oldOutputs;
  const keys = [...new Set([...Object.keys(before), ...Object.keys(newInputs)])].filter(
    (key) => key !== "version",
  );
  const changed = keys.filter((key) => !sameValue(before[key], newInputs[key]));
  const unknown = CLUSTER_KEYS.some((key) => isUnknown(unwrap(newInputs[key])));
  const [old, next] = unknown ? [] : [activeCluster(before), activeCluster(newInputs)];
  const moved = unknown || (old !== undefined && next !== undefined && !sameValue({ ...old }, { ...next }));
  const detailed: { [path: string]: PropertyDiff } = {};
  for (const key of changed) {
    const replace = key === "renderYamlToDirectory" || (moved && CLUSTER_KEYS.includes(key));
    detailed[key] = { kind: replace ? "update-replace" : "update" };
  }
  return { changes: changed.length > 0, detailed };
}
