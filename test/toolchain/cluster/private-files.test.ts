import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeClusterRecord } from "../../../toolchain/cluster/cluster-record";
import { forwardingsOf } from "../../../toolchain/cluster/forwards";
import { layoutAt, type Layout } from "../../../toolchain/cluster/layout";
import { ensureMonitoringCredentials } from "../../../toolchain/cluster/monitoring-credentials";
import type { ClusterContext } from "../../../toolchain/cluster/processes/component";
import { forwarder } from "../../../toolchain/cluster/processes/forwarder";
import { writeIfChanged } from "../../../toolchain/cluster/write-file";

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe("files of the cluster", () => {
  let folder: string;
  let layout: Layout;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-files-"));
    layout = layoutAt(folder);
    mkdirSync(layout.config, { recursive: true });
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  describe("writeIfChanged", () => {
    it("writes what differs, with the mode, and says whether it did", () => {
      const path = join(folder, "file");
      assert.equal(writeIfChanged(path, "a", 0o600), true);
      assert.equal(writeIfChanged(path, "a", 0o600), false);
      assert.equal(modeOf(path), 0o600);
      chmodSync(path, 0o644);
      assert.equal(writeIfChanged(path, "b", 0o600), true);
      assert.deepEqual([readFileSync(path, "utf8"), modeOf(path)], ["b", 0o600]);
    });

    const modes: [found: number, wanted: number, left: number][] = [
      [0o644, 0o600, 0o600],
      [0o666, 0o644, 0o644],
      // What the owner has closed further, or the umask, stays.
      [0o400, 0o600, 0o400],
      [0o600, 0o644, 0o600],
    ];
    for (const [found, wanted, left] of modes) {
      it(`leaves a file that is as it should be ${left.toString(8)} where it was ${found.toString(8)} and is for ${wanted.toString(8)}`, () => {
        const path = join(folder, "file");
        writeIfChanged(path, "a");
        const { ino } = statSync(path);
        chmodSync(path, found);
        assert.equal(writeIfChanged(path, "a", wanted), false);
        assert.deepEqual([modeOf(path), statSync(path).ino], [left, ino]);
      });
    }
  });

  /** Each makes or keeps one file that holds a password, or an address with one. */
  const PRIVATE: Record<string, () => string> = {
    "credentials for Prometheus and Alertmanager": () => {
      ensureMonitoringCredentials(layout);
      return join(layout.config, "monitoring-credentials.json");
    },
    "the cluster's record": () => {
      writeClusterRecord(layout, {
        gatewayPort: 8443,
        prometheusPort: 9090,
        alertmanagerPort: 9093,
        images: {} as never,
      });
      return join(layout.root, "cluster.json");
    },
    "the forwarder's settings": () => {
      const ports = { gateway: 8443, prometheus: 9090, alertmanager: 9093 };
      const forwardings = forwardingsOf(ports, ensureMonitoringCredentials(layout));
      forwarder({ layout, forwardings } as unknown as ClusterContext);
      return join(layout.config, "forwardings.json");
    },
  };
  for (const [what, write] of Object.entries(PRIVATE)) {
    it(`are for their owner alone, also once they were let open: ${what}`, () => {
      const path = write();
      const content = readFileSync(path, "utf8");
      assert.equal(modeOf(path), 0o600);
      chmodSync(path, 0o644);
      assert.equal(write(), path);
      assert.deepEqual([modeOf(path), readFileSync(path, "utf8")], [0o600, content]);
    });
  }

  it("hold one password for as long as the cluster is there", () => {
    const first = ensureMonitoringCredentials(layout);
    assert.deepEqual(ensureMonitoringCredentials(layout), first);
    assert.match(first.password, /^[\w-]{32}$/);
  });
});
