import { Job } from "@pulumi/kubernetes/batch/v1";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import { isJobLike, type Gate } from "../../rollout/declaration";
import { GATE_LABEL } from "../../rollout/gates/job-outcome";
import { gatePolicy } from "./gate-flows";
import { gateJobName, gateJobSpec, gatePatience, type GateJobTarget } from "./gate-job";
import { PART_OF } from "./labels";
import { nameAfter } from "./name-after";
import { rolloutLabels } from "./slot-labels";

/** A rollout's candidate, as its gates need it. */
export interface GatedCandidate extends Omit<GateJobTarget, "authorityConfigMap"> {
  /** As `content`, of the other slot. */
  readonly liveContent: pulumi.Input<string>;
  /** Whether the candidate went live: whatever its old slot is filled with from then on says nothing new of it. */
  readonly isLive: boolean;
  /** The authority of both servers' certificates, PEM. */
  readonly authorityPem: pulumi.Input<string>;
}

/**
 * The Jobs of a rollout's gates, of those that run as such, with all that they need. Whoever depends on them waits until every gate
 * has passed, and fails with the numbers of one that has not.
 *
 * @param services of both slots, which gates ask
 */
export function createGateJobs(
  name: string,
  gates: readonly Gate[],
  candidate: GatedCandidate,
  services: readonly pulumi.Resource[],
  opts: pulumi.CustomResourceOptions,
): Job[] {
  const jobLike = gates.filter(isJobLike);
  if (jobLike.length === 0) return [];
  const { rollout, namespace } = candidate;
  const labels = { ...PART_OF, ...rolloutLabels(rollout) };
  const metadata = { name: `${rollout}-gates`, namespace, labels };
  const flows = new NetworkPolicy(`${name}-gate-flows`, { metadata, spec: gatePolicy(rollout) }, opts);
  const authority = new ConfigMap(
    `${name}-gate-authority`,
    { metadata, data: { "ca.crt": candidate.authorityPem } },
    opts,
  );
  const target = { ...candidate, authorityConfigMap: nameAfter(authority, metadata.name) };
  return jobLike.map((gate) => {
    const jobName = pulumi
      .all([candidate.content, candidate.liveContent])
      .apply(([content, live]) => gateJobName(rollout, gate, content, live));
    return new Job(
      `${name}-gate-${gate.name}`,
      {
        // A gate that has not passed is asked again by the next update, where the same name could not be used twice.
        metadata: {
          ...metadata,
          name: jobName,
          labels: { ...labels, [GATE_LABEL]: gate.name },
          annotations: { "pulumi.com/replaceUnready": "true" },
        },
        spec: gateJobSpec(gate, target),
      },
      {
        ...opts,
        // Without its policy, a gate could reach anything.
        dependsOn: [flows, ...services],
        customTimeouts: { create: `${gatePatience(gate)}s` },
        ...(candidate.isLive ? { ignoreChanges: ["metadata.name"] } : {}),
      },
    );
  });
}
