import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { PART_OF } from "../internal/labels";
import cost from "./dashboards/cost.json";
import drift from "./dashboards/drift.json";
import fleet from "./dashboards/fleet.json";
import gpu from "./dashboards/gpu.json";
import model from "./dashboards/model.json";
import rollout from "./dashboards/rollout.json";

/** `npm run dashboards` writes them. */
const DASHBOARDS = { fleet, model, rollout, gpu, drift, cost };

/** What the sidecar of Grafana's chart looks for. */
const SIDECAR_LABEL = { grafana_dashboard: "1" };
const FOLDER = { grafana_folder: "Slipway" };

/** One ConfigMap for each dashboard, as the sidecar of Grafana's chart takes them. */
export function createDashboards(
  name: string,
  namespace: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): ConfigMap[] {
  return Object.entries(DASHBOARDS).map(
    ([dashboard, content]) =>
      new ConfigMap(
        `${name}-dashboard-${dashboard}`,
        {
          metadata: {
            name: `${name}-dashboard-${dashboard}`,
            namespace,
            labels: { ...PART_OF, ...SIDECAR_LABEL },
            annotations: FOLDER,
          },
          data: { [`slipway-${dashboard}.json`]: JSON.stringify(content) },
        },
        opts,
      ),
  );
}
