import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCluster } from "../toolchain/cluster";
import { REGISTRY } from "../toolchain/cluster/settings";
import type { Progress } from "../toolchain/progress";
import { engineEnvironment } from "./engine/environment";
import type { Outcome } from "./engine/events";
import { preview } from "./engine/operations";
import { openStack, stackExists } from "./engine/workspace";
import { LOCAL_PROFILE } from "./profiles";
import { buildArtifacts, plannedArtifacts } from "./up/artifacts";
import { localConfig } from "./up/local-config";
import { targetOf } from "./up/target";

export interface PreviewOptions {
  profile: string;
  /** Ask no cluster even where one answers. */
  offline?: boolean;
  /** Read the real state of every resource first. */
  refresh?: boolean;
}

/**
 * Previews a profile with the policy pack. The local profile is compared with its running cluster where there is one;
 * everything else, and everything with `offline`, is judged without any. Leaves nothing behind.
 */
export async function previewProfile(options: PreviewOptions, progress: Progress): Promise<Outcome> {
  await engineEnvironment(progress);
  const local = options.profile === LOCAL_PROFILE;
  const cluster = local && !options.offline ? await findCluster() : undefined;
  const offline =
    options.offline || (local ? cluster === undefined : !existsSync(process.env.KUBECONFIG ?? ""));
  const home = stackExists(options.profile) ? undefined : mkdtempSync(join(tmpdir(), "slipway-preview-"));
  try {
    const artifacts = local ? await buildArtifacts(progress) : undefined;
    const stack = await openStack({
      profile: options.profile,
      offline,
      kubeconfig: cluster?.kubeconfig ?? process.env.KUBECONFIG,
      config: artifacts
        ? localConfig(
            artifacts.models,
            plannedArtifacts(artifacts, cluster?.registry ?? REGISTRY),
            cluster && targetOf(cluster),
          )
        : {},
      home,
    });
    return await preview(stack, progress, { refresh: options.refresh });
  } finally {
    if (home) rmSync(home, { recursive: true, force: true });
  }
}
