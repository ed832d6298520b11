import { valueAt } from "../paths";
import type { PropertyDelta } from "../property-diff";
import type { ResourceChange } from "../steps";
import { replicas } from "./replicas";
import { access, amount, both, cost, dataLoss, each, harmless, interruption, on, whenMore } from "./rule";
import type { Effect, PathRule, RuleTable } from "./rule";

const at = (change: ResourceChange, path: string) => valueAt(change.after, path.split("."));

/** Of a count or a percentage, as the Deployment controller resolves it. */
function resolved(value: unknown, replicas: number, round: (x: number) => number): number | undefined {
  if (typeof value === "string" && value.endsWith("%")) return round((replicas * parseFloat(value)) / 100);
  return amount(value);
}

/** What a new pod template does to a Deployment. Its rollout is not bound by any disruption budget. */
export function rollout(change: ResourceChange): Effect {
  if (at(change, "spec.strategy.type") === "Recreate") {
    return interruption("all its pods stop before new ones start (`Recreate`)");
  }
  const replicas = amount(at(change, "spec.replicas") ?? 1);
  if (replicas === 0) return harmless("it has no pods");
  const rolling = (key: string) => at(change, `spec.strategy.rollingUpdate.${key}`) ?? "25%";
  const count = replicas ?? 1;
  const surge = resolved(rolling("maxSurge"), count, Math.ceil);
  const missing = resolved(rolling("maxUnavailable"), count, Math.floor);
  if (missing === undefined || surge === undefined) return harmless("a rolling update replaces its pods");
  // Both rounded to 0 would go nowhere: the controller then takes one pod away at a time.
  const gone = missing === 0 && surge === 0 ? 1 : missing;
  if (replicas !== undefined && gone >= replicas) {
    return interruption("a rolling update may take all its pods away at once (`maxUnavailable`)");
  }
  return harmless(
    gone === 0
      ? "a rolling update replaces its pods, each once its successor is ready"
      : `a rolling update replaces its pods, at most ${gone} missing at a time`,
  );
}

/** What a new pod template does to a StatefulSet: it never has a new pod beside the old one of the same number. */
function statefulRollout(change: ResourceChange): Effect {
  if (at(change, "spec.updateStrategy.type") === "OnDelete")
    return harmless("its pods get it once they are deleted");
  const count = amount(at(change, "spec.replicas") ?? 1);
  if (count === 0) return harmless("it has no pods");
  if (count === 1) return interruption("its only pod stops before the new one starts");
  return harmless("its pods are replaced one after the other, the highest number first");
}

const asked = whenMore(cost("its pods ask for more"), harmless("its pods ask for less"));

/** Of a container that comes or goes as a whole. */
function privileges({ after }: PropertyDelta): Effect | undefined {
  const context = valueAt(after, ["securityContext"]) as Record<string, unknown> | undefined;
  const added = valueAt(context, ["capabilities", "add"]);
  const more =
    context?.privileged === true ||
    context?.allowPrivilegeEscalation === true ||
    context?.runAsUser === 0 ||
    (Array.isArray(added) && added.length > 0);
  return more ? access("a new container may do more than its pods were allowed so far") : undefined;
}

function nodeFiles({ after, segments }: PropertyDelta): Effect | undefined {
  const isHostPath = segments.includes("hostPath") || valueAt(after, ["hostPath"]) !== undefined;
  return isHostPath ? access("its pods see files of their node") : undefined;
}

/** Whatever differs below it makes new pods; some of it means more than that. */
const podTemplate = (roll: PathRule["effect"]): PathRule[] => [
  on(/^spec\.template\.spec\.serviceAccount(Name)?$/, both(access("its pods act as another account"), roll)),
  on(
    /^spec\.template\.spec\.(automountServiceAccountToken|host(Network|PID|IPC)|securityContext)|[cC]ontainers\.securityContext/,
    both(access("changes what its pods may do"), roll),
  ),
  on(/^spec\.template\.spec\.(init|ephemeral)?[cC]ontainers$/, both(privileges, roll)),
  on(/^spec\.template\.spec\.volumes\b/, both(nodeFiles, roll)),
  on(
    /^spec\.template\.spec\.(init)?[cC]ontainers\.resources\.limits\.(cpu|memory)$/,
    both(
      (delta) =>
        delta.after === undefined ? cost("its pods may take as much as their node has") : asked(delta),
      roll,
    ),
  ),
  on(/^spec\.template\.spec\.(init)?[cC]ontainers\.resources\.(requests|limits)\b/, both(asked, roll)),
  on(/^spec\.template\b/, roll),
];

const grows = (words: string) => whenMore(cost(words), harmless("allows fewer pods"), 1);

/** Fewer pods than the load needs, or more than it needs. */
const FOLLOWS = cost("changes what the number of pods follows, and how fast");

const STOPS = interruption("its pods stop");
const RESTARTS = (change: ResourceChange): Effect =>
  interruption(
    change.deletedFirst
      ? "all its pods stop before the new ones start"
      : "the new one starts beside the old one, whose pods then stop",
  );

export const WORKLOADS: RuleTable = {
  "kubernetes:apps/Deployment": {
    noun: "the deployment",
    delete: STOPS,
    replace: RESTARTS,
    update: [on(/^spec\.replicas$/, replicas), ...podTemplate((_, change) => rollout(change))],
  },
  "kubernetes:apps/StatefulSet": {
    noun: "the stateful set",
    delete: ({ before }) =>
      valueAt(before, ["spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted"]) === "Delete"
        ? dataLoss("its pods stop and its volume claims are deleted")
        : interruption("its pods stop; its volume claims stay"),
    update: [
      on(/^spec\.replicas$/, replicas),
      on(
        /^spec\.persistentVolumeClaimRetentionPolicy/,
        dataLoss("changes whether its volume claims outlive their pods"),
      ),
      ...podTemplate((_, change) => statefulRollout(change)),
    ],
  },
  "kubernetes:apps/DaemonSet": {
    noun: "the daemon set",
    delete: interruption("its pods stop on every node"),
    replace: RESTARTS,
    update: podTemplate(harmless("its pods are replaced node by node")),
  },
  "kubernetes:batch/Job": {
    noun: "the job",
    delete: interruption("it is stopped if it still runs"),
    replace: interruption("it is stopped if it still runs, and runs again"),
  },
  "kubernetes:batch/CronJob": { noun: "the cron job", delete: interruption("it runs no more") },
  "kubernetes:core/Pod": { noun: "the pod", delete: interruption("it stops") },
  "kubernetes:autoscaling/HorizontalPodAutoscaler": {
    noun: "the autoscaler",
    delete: interruption("the number of pods no longer follows the load"),
    update: [
      on(/^spec\.(maxReplicas|minReplicas)$/, grows("allows more pods")),
      on(/^spec\.scaleTargetRef\b/, interruption("the number of other pods follows the load")),
      on(/^spec\.(metrics|behavior)\b/, FOLLOWS),
    ],
  },
  "kubernetes:keda.sh/ScaledObject": {
    noun: "the autoscaler",
    delete: interruption("the number of pods no longer follows the load"),
    update: [
      on(/^spec\.minReplicaCount$/, ({ before, after }) =>
        after === 0
          ? harmless("idle, it has no pod, and the first request waits for one")
          : whenMoreOf(before, after),
      ),
      on(/^spec\.maxReplicaCount$/, grows("allows more pods")),
      on(/^spec\.scaleTargetRef\b/, interruption("the number of other pods follows the load")),
      on(/^spec\.(triggers|advanced|fallback|pollingInterval|cooldownPeriod)\b/, FOLLOWS),
    ],
  },
  "kubernetes:policy/PodDisruptionBudget": {
    noun: "the disruption budget",
    delete: interruption("draining nodes may take all its pods at once"),
    replace: interruption("until the new one is there, draining nodes may take all its pods at once"),
    update: [on(/^spec\b/, interruption("changes how many pods the draining of nodes may take at once"))],
  },
  "kubernetes:core/ConfigMap": {
    noun: "the config map",
    delete: interruption("pods that mount it cannot start any more"),
    replace: ({ deletedFirst }) =>
      deletedFirst
        ? interruption("pods that start before the new one is there wait for it")
        : harmless("the new one is made first; pods that name it roll over to it"),
    update: [
      on(/^(data|binaryData)\b/, harmless("pods see mounted files change, variables when they restart")),
    ],
  },
  ...each(
    ["ServiceMonitor", "PodMonitor", "PrometheusRule"].map(
      (kind) => `kubernetes:monitoring.coreos.com/${kind}`,
    ),
    { delete: interruption("what it measures is measured no more; autoscaling and alerts by it stop") },
  ),
  ...each(["kubernetes:flagger.app/Canary", "kubernetes:argoproj.io/Rollout"], {
    noun: "the rollout",
    delete: interruption("releases are no longer shifted step by step"),
    update: [on(/^spec\b/, interruption("changes how releases are shifted"))],
  }),
};

function whenMoreOf(before: unknown, after: unknown): Effect {
  const [old, next] = [amount(before ?? 0), amount(after ?? 0)];
  return old !== undefined && next !== undefined && next < old
    ? harmless("fewer pods are kept")
    : cost("more pods are kept");
}
