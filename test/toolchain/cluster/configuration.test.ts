import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { layoutAt } from "../../../toolchain/cluster/layout";
import { parseMountInfo } from "../../../toolchain/cluster/mounts";
import {
  cachedObjects,
  fillIn,
  loadManifest,
  parseManifest,
} from "../../../toolchain/cluster/platform/manifest";
import { cniConfiguration, containerdConfiguration } from "../../../toolchain/cluster/processes/containerd";
import { kubeProxyConfiguration } from "../../../toolchain/cluster/processes/kube-proxy";

const layout = layoutAt("/home/someone/.local/state/slipway");

describe("layoutAt", () => {
  it("refuses a folder too long for the sockets below it, with the number that fits", () => {
    const long = `/${"x".repeat(80)}`;
    assert.throws(() => layoutAt(long), {
      name: "SlipwayError",
      message:
        /^The state folder "\/x+" has 81 characters and may have \d+, because sockets lie below it: set SLIPWAY_STATE_DIR/,
    });
  });
});

describe("containerdConfiguration", () => {
  it("keeps every path below the cluster's own folders", () => {
    const text = containerdConfiguration(layout, "registry/pause@sha256:0", "overlayfs");
    const paths = [...text.matchAll(/= "(\/[^"]+)"/g)].map((match) => match[1]!);
    assert.ok(paths.length >= 5);
    for (const path of paths) {
      assert.match(
        path,
        /^(\/home\/someone\/\.local\/state\/slipway\/cluster|\/run\/slipway|\/usr\/lib\/cni)(\/|$)/,
      );
    }
  });
});

describe("cniConfiguration", () => {
  it("routes traffic between pods through the node, where policies see it", () => {
    const { plugins } = cniConfiguration(layout) as { plugins: { type: string }[] };
    assert.deepEqual(
      plugins.map(({ type }) => type),
      ["ptp", "portmap"],
    );
  });
});

describe("kubeProxyConfiguration", () => {
  it("leaves connection tracking limits of the whole machine alone", () => {
    const { conntrack } = kubeProxyConfiguration("/k") as { conntrack: object };
    assert.deepEqual(conntrack, {
      maxPerCore: 0,
      min: 0,
      tcpEstablishedTimeout: "0s",
      tcpCloseWaitTimeout: "0s",
    });
  });
});

describe("parseMountInfo", () => {
  it("reads path and type, with and without optional fields, and blanks in the path", () => {
    const text = `36 35 98:0 /mnt1 /mnt/my\\040disk rw,noatime master:1 shared:2 - ext3 /dev/root rw
37 35 0:4 / /proc rw - proc proc rw
`;
    assert.deepEqual(parseMountInfo(text), [
      { path: "/mnt/my disk", type: "ext3" },
      { path: "/proc", type: "proc" },
    ]);
  });
});

describe("loadManifest", () => {
  const VALUES = {
    IMAGE: "registry/image@sha256:0",
    CLUSTER_DOMAIN: "cluster.local",
    DNS_IP: "10.96.0.10",
    TLS_CERT: "",
    TLS_KEY: "",
    TLS_DIGEST: "0",
    CA_CERT: "",
    RELOADER_IMAGE: "registry/reloader@sha256:0",
    PROMETHEUS_IMAGE: "registry/prometheus@sha256:0",
  };
  const MANIFESTS = ["namespaces", "access", "coredns", "metrics-server", "prometheus-operator"];

  it("leaves no placeholder in any manifest", () => {
    for (const name of MANIFESTS) {
      assert.doesNotMatch(JSON.stringify(loadManifest(name, VALUES)), /\$\{/, name);
    }
  });

  it("asks for less than half a core in all, and limits memory", () => {
    type Container = { name: string; resources: { requests: { cpu: string }; limits: { memory: string } } };
    const containers = MANIFESTS.flatMap((name) => loadManifest(name, VALUES))
      .filter(({ kind }) => kind === "Deployment")
      .flatMap(
        (object) =>
          (object.spec as { template: { spec: { containers: Container[] } } }).template.spec.containers,
      );
    assert.equal(containers.length, 3);
    const cpu = containers.map(({ resources }) => parseInt(resources.requests.cpu, 10));
    assert.ok(cpu.reduce((sum, value) => sum + value, 0) <= 200);
    for (const { name, resources } of containers) assert.ok(resources.limits.memory, name);
  });

  it("names a placeholder without a value", () => {
    assert.throws(() => fillIn("image: ${IMAGE}", {}, "coredns"), {
      message: "coredns names ${IMAGE}, which has no value",
    });
  });
});

describe("parseManifest", () => {
  it("takes several documents and leaves out empty ones", () => {
    const objects = parseManifest("---\nkind: A\n---\n# nothing\n---\nkind: B\n");
    assert.deepEqual(
      objects.map(({ kind }) => kind),
      ["A", "B"],
    );
  });
});

describe("cachedObjects", () => {
  it("produces once for the same inputs, and again for others", async () => {
    const dir = mkdtempSync(join(tmpdir(), "slipway-manifests-"));
    let count = 0;
    const produce = async () => parseManifest(`kind: A${++count}`);
    try {
      assert.equal((await cachedObjects(dir, "a", ["1", "2"], produce))[0]?.kind, "A1");
      assert.equal((await cachedObjects(dir, "a", ["1", "2"], produce))[0]?.kind, "A1");
      assert.equal((await cachedObjects(dir, "a", ["12", ""], produce))[0]?.kind, "A2");
      assert.equal(readdirSync(join(dir, "manifests")).length, 2);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
