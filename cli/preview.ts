import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REGISTRY } from "../toolchain/cluster/settings";
import { SlipwayError } from "../toolchain/errors";
import type { Progress } from "../toolchain/progress";
import { engineEnvironment } from "./engine/environment";
import type { Outcome } from "./engine/events";
import { preview, type PreviewWatch } from "./engine/operations";
import { openStack, stackExists } from "./engine/workspace";
import { localTarget } from "./local-target";
import { LOCAL_PROFILE } from "./profiles";
import { assertAllowedTraffic } from "./rollout/allowed-traffic";
import { buildArtifacts, plannedArtifacts } from "./up/artifacts";
import { localConfig, missingConfig } from "./up/local-config";
import type { Target } from "./up/target";

/** Stands in references of a profile that names no registry yet; RFC 2606 keeps the name from ever being real. */
const EXAMPLE_REGISTRY = "registry.example.com";

export interface PreviewOptions {
  profile: string;
  /** Ask no cluster even where one answers. */
  offline?: boolean;
  /** Read the real state of every resource first; needs the cluster of a stack that exists. */
  refresh?: boolean;
  /** Where others keep the stack's state; the local profile is this machine's alone. @default this machine */
  backend?: string;
  /** For who needs more than the outcome. */
  watch?: PreviewWatch;
}

/**
 * Previews a profile with the policy pack. The local profile is compared with the cluster that it is on, or would be, where one runs;
 * everything else, and everything with `offline`, is judged without any. Leaves nothing behind.
 */
export async function previewProfile(options: PreviewOptions, progress: Progress): Promise<Outcome> {
  await engineEnvironment(progress);
  const local = options.profile === LOCAL_PROFILE;
  const target = local && !options.offline ? await localTarget(progress) : undefined;
  const offline =
    options.offline || (local ? target === undefined : !existsSync(process.env.KUBECONFIG ?? ""));
  const { kubeconfig = process.env.KUBECONFIG, context } = target ?? {};
  const backend = local ? undefined : options.backend;
  const exists = backend ? true : stackExists(options.profile);
  if (options.refresh && offline && exists) {
    const mend = local ? "`npm run up` starts it" : "set KUBECONFIG to a file that leads to it";
    throw new SlipwayError(
      `\`--refresh\` reads what is on the stack's cluster, and none can be reached; ${mend}`,
    );
  }
  if (options.refresh && !exists) {
    progress.note(
      `No stack ${options.profile} was created from here: nothing can have been changed by hand.`,
    );
  }
  const home = exists && !backend ? undefined : mkdtempSync(join(tmpdir(), "slipway-preview-"));
  try {
    const stack = await openStack({
      profile: options.profile,
      offline,
      kubeconfig,
      context,
      config: await computedConfig(options.profile, target, progress),
      home,
      backend,
      looking: true,
    });
    const outcome = await preview(stack, progress, { refresh: options.refresh, watch: options.watch });
    if (!offline && exists) {
      await assertAllowedTraffic(stack, outcome, { profile: options.profile, kubeconfig, context });
    }
    return outcome;
  } finally {
    if (home) rmSync(home, { recursive: true, force: true });
  }
}

/** What the profile's file leaves to the machine: images and models by the digests that they would be pushed with. */
async function computedConfig(
  profile: string,
  target: Target | undefined,
  progress: Progress,
): Promise<Record<string, unknown>> {
  const artifacts = await buildArtifacts(progress);
  if (profile !== LOCAL_PROFILE) {
    return missingConfig(profile, artifacts.models, plannedArtifacts(artifacts, EXAMPLE_REGISTRY));
  }
  const planned = plannedArtifacts(artifacts, target?.registry ?? REGISTRY);
  const { runtimeImage = planned.runtimeImage } = target ?? {};
  return localConfig(artifacts.models, { ...planned, runtimeImage }, target);
}
