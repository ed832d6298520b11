import type { PropertyDelta } from "../property-diff";
import type { ResourceChange } from "../steps";
import { GPU_STACK_RESTARTS } from "./compute";
import { chartReplicas } from "./replicas";
import { access, both, cost, dataLoss, harmless, interruption, on, whenMore } from "./rule";
import type { Effect, PathRule } from "./rule";

const RESTARTS = interruption(
  "pods whose template the chart makes of it restart; the chart alone knows which",
);
const CRDS_GO = dataLoss(
  "unless the chart keeps them, its custom resource definitions go, and with them every object of their kinds",
);
const CLAIMS_GO = dataLoss("the chart's volume claims may go, and with them what they hold");

/** For a value of which nothing is known but that its chart takes it. */
function restarts(_: PropertyDelta, change: ResourceChange): Effect {
  const chart = String((change.after ?? change.before)?.chart);
  return /(^|\/)gpu-operator$/.test(chart) ? GPU_STACK_RESTARTS : RESTARTS;
}

/** A switch that protects while it is on. What is left out is the chart's own choice, which may be off. */
const guards =
  (lost: Effect, kept: PathRule["effect"]): PathRule["effect"] =>
  (delta, change) => {
    const { before, after } = delta;
    if (after !== true && before !== false) return lost;
    return typeof kept === "function" ? kept(delta, change) : kept;
  };

/** Charts name such things alike, wherever in their values they stand. */
const below = (names: string) => new RegExp(`^values\\b.*\\.(${names})`);

/** What the values of a chart mean; a chart is free to mean anything, so that nothing unknown is harmless. */
export const CHART_VALUES: readonly PathRule[] = [
  on(
    below("(installCRDs|crds?\\.(.*\\.)?(enabled|install|create\\w*|keep))$"),
    guards(CRDS_GO, harmless("none of its custom resource definitions goes")),
  ),
  on(below("(persistence|persistentVolume)\\.enabled$"), guards(CLAIMS_GO, restarts)),
  on(below("(replicas|replicaCount)$"), chartReplicas),
  on(
    below("(serviceMonitor|podMonitor|prometheusRules?)\\.enabled$"),
    guards(
      interruption("what it measures is measured no more; autoscaling and alerts by it stop"),
      harmless("nothing less is measured"),
    ),
  ),
  on(below("(serviceMonitor|podMonitor)\\b"), harmless("it is measured otherwise")),
  on(below("(rbac|networkPolic(y|ies))\\b"), access("changes who may do what, or reach whom")),
  on(
    below("(serviceAccount|\\w*[sS]ecurityContext|hostNetwork)\\b"),
    both(access("changes what its pods may do"), restarts),
  ),
  on(
    below("resources\\.(requests|limits)\\b"),
    both(whenMore(cost("its pods ask for more"), harmless("its pods ask for less")), restarts),
  ),
  on(/^(values|valueYamlFiles|set)\b/, restarts),
];
