import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStack, rememberConfig } from "../../../cli/engine/workspace";
import { LOCAL_PROFILE } from "../../../cli/profiles";
import { assertAllowedTraffic } from "../../../cli/rollout/allowed-traffic";
import { buildArtifacts, publishArtifacts } from "../../../cli/up/artifacts";
import { localConfig, type ServiceEntry } from "../../../cli/up/local-config";
import { readOutputs, recordSession } from "../../../cli/up/session-record";
import { targetOf } from "../../../cli/up/target";
import { applyStack } from "../../../cli/up/up";
import type { Gate, Slot, Strategy } from "../../../rollout/declaration";
import { findCluster, type Cluster } from "../../../toolchain/cluster";
import { pushModel } from "../../../toolchain/models";
import { silent } from "../../../toolchain/progress";

export interface ModelSetting {
  name: string;
  version: string;
  source: string;
  sha256: string;
}

/** A service of the profile, as far as tests change it. */
export interface ServiceSetting extends Record<string, unknown> {
  name: string;
  rollout: {
    strategy: Strategy;
    gates: Gate[];
    slots: Record<Slot, { models: ModelSetting[] } & Record<string, unknown>>;
  };
}

/** The running local stack, which a test changes as somebody who edits the profile would. */
export class LocalStack {
  private readonly folder = mkdtempSync(join(tmpdir(), "slipway-local-stack-"));

  private constructor(
    private readonly cluster: Cluster,
    private readonly config: Record<string, unknown>,
  ) {}

  static async open(): Promise<LocalStack> {
    const cluster = await findCluster();
    assert.ok(cluster, "no cluster is up");
    const artifacts = await buildArtifacts(silent);
    const published = await publishArtifacts(artifacts, cluster, silent);
    return new LocalStack(cluster, localConfig(artifacts.models, published, targetOf(cluster)));
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** Stores a model file where the pods fetch theirs. */
  async push(name: string, version: string, content: Buffer): Promise<ModelSetting & { path: string }> {
    const path = join(this.folder, `${name}-${version}.onnx`);
    writeFileSync(path, content);
    const sha256 = createHash("sha256").update(content).digest("hex");
    const model = { name, version, path, sha256, size: content.length };
    return { name, version, sha256, path, source: await pushModel(this.cluster.registry, model) };
  }

  /**
   * Updates the stack with one service changed.
   * @param settings others of the stack, by their names without `slipway:`
   * @returns what changed, in the engine's words
   */
  async apply(
    service: string,
    change: (setting: ServiceSetting) => void,
    settings: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const services = structuredClone(this.config.services) as (ServiceEntry & ServiceSetting)[];
    change(services.find(({ name }) => name === service)!);
    const { kubeconfig } = this.cluster;
    const stack = await openStack({
      profile: LOCAL_PROFILE,
      kubeconfig,
      config: { ...this.config, ...settings, services },
    });
    const changes = await applyStack(stack, true, silent, (planned) =>
      assertAllowedTraffic(stack, planned, { profile: LOCAL_PROFILE, kubeconfig }),
    );
    rememberConfig(LOCAL_PROFILE);
    recordSession(await readOutputs(stack), targetOf(this.cluster));
    return changes;
  }
}
