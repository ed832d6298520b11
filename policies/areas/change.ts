import { advisory, type CatalogEntry, mandatory } from "./entry";
import { deploymentUpdateStrategy } from "../rules/change/deployment-update-strategy";
import { deploymentRevisionHistory } from "../rules/change/deployment-revision-history";
import { deploymentProgressDeadline } from "../rules/change/deployment-progress-deadline";
import { canaryAnalysis } from "../rules/change/canary-analysis";
import { routeWeights } from "../rules/change/route-weights";
import { liveSlotReplicas } from "../rules/change/live-slot-replicas";
import { rolloutWayBack } from "../rules/change/rollout-way-back";
import { patchResource } from "../rules/change/patch-resource";
import { workloadSelector } from "../rules/change/workload-selector";
import { apiVersionRemoved } from "../rules/change/api-version-removed";
import { rolloutDeadlineAbort } from "../rules/change/rollout-deadline-abort";

/** Rules on rollouts and the way back. */
export const change: readonly CatalogEntry[] = [
  advisory(deploymentUpdateStrategy),
  mandatory(deploymentRevisionHistory),
  advisory(deploymentProgressDeadline),
  mandatory(canaryAnalysis),
  mandatory(routeWeights),
  mandatory(liveSlotReplicas),
  mandatory(rolloutWayBack),
  advisory(patchResource),
  mandatory(workloadSelector),
  mandatory(apiVersionRemoved),
  advisory(rolloutDeadlineAbort),
];
