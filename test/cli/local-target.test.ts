import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stateFile } from "../../cli/engine/workspace";
import { localTarget } from "../../cli/local-target";
import { noteStackCluster, notedTarget } from "../../cli/stack-cluster";
import type { Target } from "../../cli/up/target";
import type { Cluster } from "../../toolchain/cluster";
import { clusterLayout } from "../../toolchain/cluster/layout";
import { silent, type Progress } from "../../toolchain/progress";

describe("the cluster that a preview of the local stack asks", () => {
  let dir: string;
  let previous: string | undefined;
  let elsewhere: Target;
  let notes: string[];
  let progress: Progress;
  const embedded = { registry: "registry.slipway:5000", kubeconfig: "embedded", images: {} } as Cluster;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "slipway-target-"));
    previous = process.env.SLIPWAY_STATE_DIR;
    process.env.SLIPWAY_STATE_DIR = join(dir, "state");
    const config = { host: "models.example.com", gatewayServiceType: "LoadBalancer", insecureRegistries: [] };
    const registry = "registry.example.com/team";
    elsewhere = {
      kubeconfig: join(dir, "kubeconfig"),
      context: "prod",
      registry,
      runtimeImage: undefined,
      config,
    };
    writeFileSync(elsewhere.kubeconfig, "");
    notes = [];
    progress = { ...silent, note: (line) => void notes.push(line) };
  });
  afterEach(() => {
    if (previous === undefined) delete process.env.SLIPWAY_STATE_DIR;
    else process.env.SLIPWAY_STATE_DIR = previous;
    rmSync(dir, { recursive: true });
  });

  const createStack = () => {
    mkdirSync(dirname(stateFile("local")), { recursive: true });
    writeFileSync(stateFile("local"), "{}");
  };
  const asked = () => localTarget(progress, () => Promise.resolve(embedded));

  it("is the one that the stack is on, as `up` laid it there, even beside an embedded one", async () => {
    createStack();
    noteStackCluster({ ...elsewhere, runtimeImage: "registry.example.com/runtime@sha256:0" });
    assert.deepEqual(await asked(), { ...elsewhere, runtimeImage: "registry.example.com/runtime@sha256:0" });
    assert.deepEqual(notes, []);
  });

  it("is the embedded one where the stack is there, or nowhere yet", async () => {
    noteStackCluster(elsewhere);
    assert.equal((await asked())?.kubeconfig, "embedded", "no stack");
    createStack();
    noteStackCluster({ ...elsewhere, kubeconfig: clusterLayout().kubeconfig });
    assert.equal((await asked())?.kubeconfig, "embedded");
    assert.equal(notedTarget(), undefined, "which says itself what it has");
    assert.equal(await localTarget(progress, () => Promise.resolve(undefined)), undefined, "not running");
    assert.deepEqual(notes, []);
  });

  it("is none, with the reason, where its kubeconfig is gone or nobody noted its registry", async () => {
    createStack();
    noteStackCluster(elsewhere);
    rmSync(elsewhere.kubeconfig);
    assert.equal(await asked(), undefined);
    const { kubeconfig, context } = elsewhere;
    noteStackCluster({ kubeconfig, context });
    assert.equal(await asked(), undefined);
    const where = `The stack is on context prod of ${kubeconfig}, and is compared with what was last applied alone: `;
    assert.deepEqual(notes, [
      `${where}there is no kubeconfig at ${kubeconfig}; put it back.`,
      `${where}its registry was not noted yet; \`npm run up\` does so.`,
    ]);
  });
});
