import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { accepts } from "../../cli/up/running";
import { runCommand, slipway } from "../support/slipway";

const DOWN_MS = 300_000;

const lines = async (file: string, ...args: string[]) =>
  (await runCommand(file, args)).stdout.split("\n").filter(Boolean);

/** Programs that only the embedded cluster runs. */
const CLUSTER_PROGRAMS =
  /\/(etcd|kube-[a-z-]+|kubelet|containerd[a-z0-9-]*|coredns|envoy[a-z-]*|docker-registry|operator)$/;

function clusterProcesses(): string[] {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0] ?? "";
      } catch {
        return "";
      }
    })
    .filter((program) => CLUSTER_PROGRAMS.test(program));
}

describe("npm run down", () => {
  it("leaves no process, mount, namespace, interface, iptables rule or listening port", async function () {
    this.timeout(DOWN_MS);
    const { status, stdout, stderr } = await runCommand("npm", ["run", "--silent", "down"], { echo: true });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /Slipway is down/);
    assert.deepEqual(clusterProcesses(), []);
    assert.deepEqual(
      (await lines("ip", "netns", "list")).filter((line) => /^slipway\b/.test(line)),
      [],
    );
    assert.deepEqual(
      (await lines("ip", "-o", "link")).filter((line) => line.includes("slipway")),
      [],
    );
    assert.deepEqual(
      readFileSync("/proc/self/mounts", "utf8")
        .split("\n")
        .filter((line) => /slipway|kubelet|containerd/.test(line)),
      [],
    );
    assert.deepEqual(
      (await lines("iptables-save")).filter((line) => /KUBE|SLIPWAY|CNI|slipway/.test(line)),
      [],
    );
    for (const port of [8443, 9090]) assert.equal(await accepts("127.0.0.1", port), false, `port ${port}`);
  });

  it("makes `outputs` say that nothing is up", async () => {
    const { status, stderr } = await slipway(["outputs", "--json"]);
    assert.equal(status, 1);
    assert.equal(stderr, "error: nothing is up; `npm run up` starts the local stack\n");
  });

  it("exits with 0 when nothing is up", async () => {
    const { status, stdout } = await slipway(["down"]);
    assert.equal(status, 0);
    assert.equal(stdout, "Nothing was up.\n");
  });
});
