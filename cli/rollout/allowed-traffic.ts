import type { Stack } from "@pulumi/pulumi/automation";
import { declaredProblem, refillProblem } from "../../rollout/plan-declared";
import type { PublishedRollout } from "../../rollout/published";
import { messageOf, SlipwayError } from "../../toolchain/errors";
import type { Outcome } from "../engine/events";
import { OperationFailed } from "../engine/operations";
import { outputsOf } from "./engine";
import { JournalFile } from "./journal-file";
import { servedBy } from "./known-rollout";
import { ApiError, openTrafficCluster, type TrafficCluster } from "./kubernetes";
import { observe } from "./observe";

interface Where {
  readonly profile: string;
  readonly kubeconfig: string | undefined;
  readonly context?: string | undefined;
}

/**
 * Refuses an update that would move traffic in a way that is no allowed move: against what the cluster's routes do now.
 * @param planned what a preview of it said
 * @throws OperationFailed with one sentence for each service
 */
export async function assertAllowedTraffic(stack: Stack, planned: Outcome, where: Where): Promise<void> {
  const declared = publishedIn(planned.outputs?.rollouts);
  if (declared.length === 0) return;
  const { rollouts: recorded, publicKey } = await outputsOf(stack);
  // What the stack has made nowhere yet has no traffic.
  if (!declared.some(({ name }) => recorded.some((rollout) => rollout.name === name))) return;
  const { cluster } = openTrafficCluster(where.kubeconfig, where.context);
  try {
    const problems = await Promise.all(
      declared.map((rollout) => {
        const before = recorded.find(({ name }) => name === rollout.name);
        return before && problemOf(cluster, { profile: where.profile, publicKey }, before, rollout);
      }),
    );
    const found = problems.filter((problem) => problem !== undefined);
    if (found.length > 0) throw new OperationFailed(found.join("\n       "), planned);
  } finally {
    cluster.close();
  }
}

/** What an update would publish; nothing of what is known only after it. */
function publishedIn(output: unknown): readonly PublishedRollout[] {
  if (!Array.isArray(output)) return [];
  return (output as Partial<PublishedRollout>[]).filter(
    (rollout): rollout is PublishedRollout =>
      typeof rollout?.name === "string" && Boolean(rollout.traffic?.weights),
  );
}

async function problemOf(
  cluster: TrafficCluster,
  { profile, publicKey }: { readonly profile: string; readonly publicKey: string | undefined },
  before: PublishedRollout,
  declared: PublishedRollout,
): Promise<string | undefined> {
  const journal = new JournalFile(profile, before.name).read();
  try {
    const { situation } = await observe(cluster, before, { publicKey, ...(journal ? { journal } : {}) });
    return (
      refillProblem(situation, servedBy(before), servedBy(declared)) ??
      declaredProblem(situation, declared.traffic)
    );
  } catch (error) {
    // What moves nothing wrongly in a cluster that is gone may do so in one that is slow to answer: nobody here can tell.
    if (!(error instanceof ApiError) && !(error instanceof SlipwayError && error.cause !== undefined))
      throw error;
    return (
      `\`${before.name}\`: nothing says where its traffic goes now, so this update might move it: ${messageOf(error)}; ` +
      "do it again when the cluster answers, or look at the plan alone with `slipway preview --offline`"
    );
  }
}
