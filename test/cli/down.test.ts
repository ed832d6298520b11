import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { down, type DownParts } from "../../cli/down";
import { stateFile } from "../../cli/engine/workspace";
import { localDir } from "../../cli/local-session";
import { assertSameCluster, noteStackCluster, notedStackCluster } from "../../cli/stack-cluster";
import { clusterLayout } from "../../toolchain/cluster/layout";
import { silent } from "../../toolchain/progress";

describe("where the local stack lives", () => {
  let dir: string;
  let previous: string | undefined;
  let destroyed: unknown[];
  let elsewhere: { kubeconfig: string; context: string };

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "slipway-down-"));
    previous = process.env.SLIPWAY_STATE_DIR;
    process.env.SLIPWAY_STATE_DIR = join(dir, "state");
    destroyed = [];
    elsewhere = { kubeconfig: join(dir, "kubeconfig"), context: "prod" };
    writeFileSync(elsewhere.kubeconfig, "");
    mkdirSync(dirname(stateFile("local")), { recursive: true });
    writeFileSync(stateFile("local"), "{}");
  });

  afterEach(() => {
    if (previous === undefined) delete process.env.SLIPWAY_STATE_DIR;
    else process.env.SLIPWAY_STATE_DIR = previous;
    rmSync(dir, { recursive: true });
  });

  const parts = (more: Partial<DownParts> = {}): DownParts => ({
    findCluster: () => Promise.resolve(undefined),
    stopCluster: () => Promise.resolve(),
    destroyStack: (cluster) => Promise.resolve(void destroyed.push(cluster)),
    ...more,
  });

  const saveSession = (session: object) => {
    mkdirSync(localDir(), { recursive: true });
    writeFileSync(join(localDir(), "session.json"), JSON.stringify(session));
  };

  const kept = () => ({ state: existsSync(stateFile("local")), local: existsSync(localDir()) });

  describe("down", () => {
    it("destroys the stack on the cluster that the session names, then forgets it", async () => {
      saveSession({ ...elsewhere, endpoint: "https://models.example.com" });
      assert.equal(await down(silent, {}, parts()), true);
      assert.deepEqual(destroyed, [elsewhere]);
      assert.deepEqual(kept(), { state: false, local: false });
    });

    it("does so where the first `up` did not come to its end, and left no session", async () => {
      noteStackCluster(elsewhere);
      await down(silent, {}, parts());
      assert.deepEqual(destroyed, [elsewhere]);
    });

    it("keeps state and session where that cluster's stack is not destroyed", async () => {
      noteStackCluster(elsewhere);
      const destroyStack = () => Promise.reject(new Error("the cluster does not answer"));
      await assert.rejects(down(silent, {}, parts({ destroyStack })), {
        message:
          `the stack on context prod of ${elsewhere.kubeconfig} is not destroyed, and its state is kept: ` +
          "the cluster does not answer; mend that and run `npm run down` again, or, where that cluster is gone, " +
          "`npx slipway down --forget`",
      });
      assert.deepEqual(kept(), { state: true, local: true });
    });

    it("asks no other cluster where the kubeconfig is gone", async () => {
      noteStackCluster(elsewhere);
      rmSync(elsewhere.kubeconfig);
      await assert.rejects(down(silent, {}, parts()), /there is no file \S+kubeconfig;/);
      assert.deepEqual(destroyed, []);
      assert.deepEqual(kept(), { state: true, local: true });
    });

    it("forgets a stack whose cluster is gone only where it is told to", async () => {
      noteStackCluster(elsewhere);
      const notes: string[] = [];
      await down({ ...silent, note: (line) => void notes.push(line) }, { forget: true }, parts());
      assert.deepEqual(destroyed, []);
      assert.deepEqual(notes, [
        `The stack on context prod of ${elsewhere.kubeconfig} is forgotten, not destroyed.`,
      ]);
      assert.deepEqual(kept(), { state: false, local: false });
    });

    it("goes on where the embedded cluster's stack is not destroyed: it goes with its cluster", async () => {
      const { kubeconfig } = clusterLayout();
      noteStackCluster({ kubeconfig });
      let stopped = 0;
      const asked: unknown[] = [];
      await down(
        silent,
        {},
        parts({
          findCluster: () => Promise.resolve({ kubeconfig }),
          stopCluster: () => Promise.resolve(++stopped),
          destroyStack: (cluster) => {
            asked.push(cluster);
            return Promise.reject(new Error("no answer"));
          },
        }),
      );
      assert.deepEqual(asked, [{ kubeconfig }]);
      assert.equal(stopped, 1);
      assert.deepEqual(kept(), { state: false, local: false });
    });

    it("knows the embedded cluster again where the state folder was moved", () => {
      noteStackCluster({ kubeconfig: clusterLayout().kubeconfig });
      renameSync(join(dir, "state"), join(dir, "moved"));
      process.env.SLIPWAY_STATE_DIR = join(dir, "moved");
      assert.deepEqual(notedStackCluster(), { kubeconfig: clusterLayout().kubeconfig });
    });

    it("says that nothing was up where nothing was", async () => {
      rmSync(stateFile("local"));
      assert.equal(await down(silent, {}, parts()), false);
    });
  });

  describe("up", () => {
    it("refuses another cluster than the stack's own", () => {
      const embedded = { kubeconfig: clusterLayout().kubeconfig };
      const other = { ...elsewhere, context: "test" };
      const at = `of ${elsewhere.kubeconfig}`;
      for (const [noted, asked, message] of [
        [
          elsewhere,
          embedded,
          `the local stack is on context prod ${at}, and \`up\` was asked for the embedded cluster; \`npm run down\` first`,
        ],
        [
          embedded,
          elsewhere,
          `the local stack is on the embedded cluster, and \`up\` was asked for context prod ${at}; \`npm run down\` first`,
        ],
        [
          elsewhere,
          other,
          `the local stack is on context prod ${at}, and \`up\` was asked for context test ${at}; \`npm run down\` first`,
        ],
      ] as const)
        assert.throws(() => assertSameCluster(noted, asked), { message });
    });

    it("takes the same cluster again, and any where no stack is known to be", () => {
      const { kubeconfig } = clusterLayout();
      assertSameCluster(elsewhere, { ...elsewhere });
      assertSameCluster({ kubeconfig }, { kubeconfig, context: "slipway" });
      assertSameCluster(undefined, elsewhere);
      noteStackCluster(elsewhere);
      assert.deepEqual(notedStackCluster(), elsewhere);
    });
  });
});
