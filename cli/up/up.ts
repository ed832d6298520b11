import type { Stack } from "@pulumi/pulumi/automation";
import { SlipwayError } from "../../toolchain/errors";
import { withTask, type Progress } from "../../toolchain/progress";
import { engineEnvironment } from "../engine/environment";
import { describeChanges } from "../engine/events";
import { preview, refresh, update } from "../engine/operations";
import { openStack, stackExists } from "../engine/workspace";
import { LOCAL_PROFILE } from "../profiles";
import type { LocalSession } from "../local-session";
import { buildArtifacts, publishArtifacts } from "./artifacts";
import { existingTarget, type ExistingClusterOptions } from "./existing-cluster";
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
  if (!options.existing) await assertPrerequisites(options.gatewayPort);
  // Image and models need neither engine nor cluster: they are made while Go compiles.
  const [artifacts, target] = await Promise.all([
    buildArtifacts(progress),
    options.existing ? existingTarget(options, progress) : embeddedTarget(options.gatewayPort, progress),
  ]);
  const published = await publishArtifacts(artifacts, target, progress);
  await engineEnvironment(progress);
  const existed = stackExists(LOCAL_PROFILE);
  const stack = await openStack({
    profile: LOCAL_PROFILE,
    kubeconfig: target.kubeconfig,
    context: target.context,
    config: localConfig(artifacts.models, published, target),
  });
  const changes = await apply(stack, existed, progress);
  const session = recordSession(await readOutputs(stack), target);
  const proofs = await withTask(progress, "Proving it: random inputs, with and without a token", (task) =>
    prove(session, artifacts.models, task),
  );
  return { session, proofs, changes };
}

async function apply(stack: Stack, existed: boolean, progress: Progress): Promise<string> {
  if (existed) {
    // We hold the machine's only lock, so a lock in the state is what a killed run left behind.
    await stack.cancel().catch(() => undefined);
    await refresh(stack, progress);
  }
  // Policies see the whole plan before the first resource exists.
  await preview(stack, progress);
  const { changes } = await update(stack, progress);
  if (Object.keys(changes).length === 0)
    throw new SlipwayError("the engine ended without a summary; run `npm run up` again");
  return describeChanges(changes);
}
