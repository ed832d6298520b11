import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject } from "../kubernetes-api";
import { cachedObjects, parseManifest } from "./manifest";

/**
 * The kinds of the operator that the cluster offers. Agents and Thanos rulers are left out: their schemas are the
 * largest, and nothing here declares them.
 */
const KINDS = [
  "alertmanagerconfigs",
  "alertmanagers",
  "podmonitors",
  "probes",
  "prometheuses",
  "prometheusrules",
  "scrapeconfigs",
  "servicemonitors",
];

/** The operator's CRDs, from its Go module. */
export function prometheusOperatorCrds(moduleDir: string, cacheDir: string): Promise<KubernetesObject[]> {
  return cachedObjects(cacheDir, "prometheus-operator-crds", [moduleDir, KINDS.join()], async () =>
    KINDS.flatMap((kind) => {
      const path = join(
        moduleDir,
        "example",
        "prometheus-operator-crd",
        `monitoring.coreos.com_${kind}.yaml`,
      );
      return parseManifest(readFileSync(path, "utf8"));
    }),
  );
}
