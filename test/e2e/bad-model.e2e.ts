import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStack } from "../../cli/engine/workspace";
import { LOCAL_PROFILE } from "../../cli/profiles";
import { buildArtifacts, publishArtifacts, type Artifacts, type Published } from "../../cli/up/artifacts";
import { localConfig } from "../../cli/up/local-config";
import { targetOf } from "../../cli/up/target";
import { applyStack } from "../../cli/up/up";
import { findCluster, type Cluster } from "../../toolchain/cluster";
import { pushModel } from "../../toolchain/models";
import { silent } from "../../toolchain/progress";
import { runCommand, slipway } from "../support/slipway";

/** Kubernetes' own deadline for such a rollout is 300 s. */
const PATIENCE_MS = 150_000;
const REQUEST = "examples/requests/silero-vad.json";

interface ServiceEntry {
  name: string;
  rollout?: { slots: { blue: { models: { source: string; sha256: string }[] } } };
}

describe("a bad model", () => {
  const dir = mkdtempSync(join(tmpdir(), "slipway-bad-model-"));
  let cluster: Cluster;
  let artifacts: Artifacts;
  let published: Published;

  before(async function () {
    this.timeout(60_000);
    const found = await findCluster();
    assert.ok(found, "no cluster is up");
    cluster = found;
    artifacts = await buildArtifacts(silent);
    published = await publishArtifacts(artifacts, cluster, silent);
  });
  after(() => rmSync(dir, { recursive: true }));

  /** Applies the local stack with another model in the live slot of `voice`, as a changed profile would. */
  async function applyWith(change: { source?: string; sha256?: string }): Promise<string> {
    const target = targetOf(cluster);
    const config = localConfig(artifacts.models, published, target);
    const services = structuredClone(config.services) as ServiceEntry[];
    Object.assign(services.find(({ name }) => name === "voice")!.rollout!.slots.blue.models[0]!, change);
    const stack = await openStack({
      profile: LOCAL_PROFILE,
      kubeconfig: cluster.kubeconfig,
      config: { ...config, services },
    });
    return applyStack(stack, true, silent);
  }

  /** What a failing update says, after making sure that it said so in time and that the old pods still serve. */
  async function refusal(change: { source?: string; sha256?: string }): Promise<string> {
    const startedAt = Date.now();
    const error = await applyWith(change).then(
      () => assert.fail("the update succeeded"),
      (failure: Error) => failure,
    );
    const elapsed = Date.now() - startedAt;
    assert.ok(elapsed < PATIENCE_MS, `it took ${elapsed / 1000} s`);
    const { status, stderr } = await slipway(["infer", "silero-vad", "--input", REQUEST]);
    assert.equal(status, 0, stderr);
    return error.message;
  }

  it("that is not ONNX fails the update with the server's reason, while the old pods serve", async () => {
    const content = Buffer.from("this is not a model");
    const path = join(dir, "model.onnx");
    writeFileSync(path, content);
    const sha256 = createHash("sha256").update(content).digest("hex");
    const source = await pushModel(cluster.registry, {
      name: "silero-vad",
      version: "5",
      path,
      sha256,
      size: content.length,
    });
    const message = await refusal({ source, sha256 });
    assert.match(message, /Deployment "slipway\/voice-blue"|Deployment "voice-blue"|voice-blue/);
    assert.match(message, /container "server" of Pod "voice-blue-[^"]+" keeps ending with an error/);
    assert.match(message, /`silero-vad` version 5: `model.onnx` is not an ONNX model\./);
  });

  it("whose digest differs fails the update with both digests, while the old pods serve", async () => {
    const message = await refusal({ sha256: "0".repeat(64) });
    assert.match(message, /Pod "voice-blue-[^"]+" keeps ending with an error/);
    assert.match(message, /5\/model\.onnx has the SHA-256 2623a[0-9a-f]+, but `--sha256` says 0{64}/);
  });

  it("is mended by the next `up`", async () => {
    const { status, stdout, stderr } = await runCommand("npm", ["run", "--silent", "up"]);
    assert.equal(status, 0, stderr.slice(-4000));
    assert.match(stdout, /Slipway is up .*\d to update/);
  });
});
