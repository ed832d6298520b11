import { isDeepStrictEqual } from "node:util";
import type { Stack } from "@pulumi/pulumi/automation";
import { clusterLayout } from "../../toolchain/cluster/layout";
import { SlipwayError } from "../../toolchain/errors";
import { packModels } from "../../toolchain/models";
import { withTask, type Progress } from "../../toolchain/progress";
import { engineEnvironment } from "../engine/environment";
import { describeChanges, type Outcome } from "../engine/events";
import { preview, refresh, update } from "../engine/operations";
import { kubeconfigPath } from "../kubeconfig";
import { openStack, rememberConfig, stackExists } from "../engine/workspace";
import { LOCAL_PROFILE } from "../profiles";
import type { LocalSession } from "../local-session";
import { assertAllowedTraffic } from "../rollout/allowed-traffic";
import { assertSameCluster, noteStackCluster, notedStackCluster, type StackCluster } from "../stack-cluster";
import { buildRuntimeImage, publishArtifacts } from "./artifacts";
import { assertExistingCluster, existingTarget, type ExistingClusterOptions } from "./existing-cluster";
import { localConfig } from "./local-config";
import { assertPrerequisites } from "./prerequisites";
import { prove, type Proof } from "./proof";
import { recordSession, readOutputs } from "./session-record";
import { embeddedTarget } from "./target";

export type UpOptions = ExistingClusterOptions & {
  /** Use the cluster of the kubeconfig instead of the embedded one. @default false */
  existing?: boolean;
};

export interface UpResult {
  session: LocalSession;
  proofs: Proof[];
  /** In the engine's words, e.g. "0 to change, 61 unchanged". */
  changes: string;
}

/** Brings the local profile up and proves it. Running it again repairs what is broken. */
export async function up(options: UpOptions, progress: Progress): Promise<UpResult> {
  // Everything that can be known before the long work is said before it.
  const asked = askedCluster(options);
  if (stackExists(LOCAL_PROFILE)) assertSameCluster(notedStackCluster(), asked);
  if (!options.existing) await assertPrerequisites(options.gatewayPort);
  const models = await packModels(progress);
  // Image and models need neither engine nor cluster: they are made while Go compiles.
  const [image, target] = await Promise.all([
    buildRuntimeImage(progress),
    options.existing ? existingTarget(options, progress) : embeddedTarget(options.gatewayPort, progress),
  ]);
  const artifacts = { image, models };
  const published = await publishArtifacts(artifacts, target, progress);
  await engineEnvironment(progress);
  const existed = stackExists(LOCAL_PROFILE);
  noteStackCluster(target);
  const stack = await openStack({
    profile: LOCAL_PROFILE,
    kubeconfig: target.kubeconfig,
    context: target.context,
    config: localConfig(models, published, target),
  });
  const { kubeconfig, context } = target;
  const changes = await applyStack(stack, existed, progress, (planned) =>
    assertAllowedTraffic(stack, planned, { profile: LOCAL_PROFILE, kubeconfig, context }),
  );
  rememberConfig(LOCAL_PROFILE);
  const session = recordSession(await readOutputs(stack), target);
  const proofs = await withTask(progress, "Proving it: random inputs, with and without a token", (task) =>
    prove(session, models, task),
  );
  return { session, proofs, changes };
}

/** The cluster that `up` would bring the stack up on; starts and asks none. */
function askedCluster(options: UpOptions): StackCluster {
  if (!options.existing) return { kubeconfig: clusterLayout().kubeconfig };
  const { config } = assertExistingCluster(options);
  return { kubeconfig: kubeconfigPath(), context: config.getCurrentContext() };
}

/**
 * Makes the cluster what the program says, starting from what the cluster really has.
 * @param existed whether the stack has a state already
 * @param check throws where what is planned must not be done
 * @returns what changed, in the engine's words
 */
export async function applyStack(
  stack: Stack,
  existed: boolean,
  progress: Progress,
  check: (planned: Outcome) => Promise<void> = async () => {},
): Promise<string> {
  if (existed) {
    // We hold the machine's only lock, so a lock in the state is what a killed run left behind.
    await stack.cancel().catch(() => undefined);
    await refresh(stack, progress);
  }
  // Policies see the whole plan before the first resource exists.
  const planned = await preview(stack, progress);
  if (existed) await check(planned);
  if (existed && (await changesNothing(planned, stack))) return describeChanges(planned.changes);
  const { changes } = (await update(stack, progress)).outcome;
  if (Object.keys(changes).length === 0)
    throw new SlipwayError("the engine ended without a summary; run `npm run up` again");
  return describeChanges(changes);
}

/** Whether an update would only write the same state again. Secret outputs follow from resources, and need no look. */
async function changesNothing({ changes, outputs }: Outcome, stack: Stack): Promise<boolean> {
  const operations = Object.keys(changes);
  // What a program reads of the cluster is no change either; what follows from it is among the outputs.
  const isChange = (operation: string) => operation !== "same" && operation !== "read";
  if (operations.length === 0 || operations.some(isChange)) return false;
  const current = Object.entries(await stack.outputs()).filter(([, { secret }]) => !secret);
  return current.length > 0 && current.every(([key, { value }]) => isDeepStrictEqual(value, outputs?.[key]));
}
