import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileSystemSentence } from "../../cli/file-system-sentence";
import { readStackConfig } from "../../cli/profiles";
import { stateFinding } from "../../cli/up/local-findings";
import { projectRoot } from "../../toolchain/paths";

const DIGEST = `registry.example.com/slipway@sha256:${"0".repeat(64)}`;

describe("bad input", () => {
  const dir = mkdtempSync(join(tmpdir(), "slipway-bad-"));
  const state = join(dir, "state");
  after(() => rmSync(dir, { recursive: true }));

  const slipway = (args: readonly string[], env: Record<string, string> = {}) =>
    spawnSync(process.execPath, [join(projectRoot, "cli/bin.js"), ...args], {
      encoding: "utf8",
      env: {
        ...process.env,
        KUBECONFIG: "",
        HOME: dir,
        SLIPWAY_STATE_DIR: state,
        SLIPWAY_CACHE_DIR: join(dir, "cache"),
        NO_COLOR: "1",
        ...env,
      },
    });

  function refuses(args: string[], env: Record<string, string>, status: number, sentence: string): void {
    const result = slipway(args, env);
    assert.equal(result.status, status, result.stderr);
    // A note may precede the sentence; no work may.
    const lines = result.stderr
      .trimEnd()
      .split("\n")
      .filter((line) => !line.startsWith("Using the cluster"));
    assert.deepEqual(lines, [`error: ${sentence}`]);
    assert.equal(result.stdout, "");
  }

  const kubeconfig = join(dir, "kubeconfig");
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
      users: [{ name: "u", user: {} }],
      contexts: [{ name: "prod", context: { cluster: "c", user: "u" } }],
      "current-context": "prod",
    }),
  );
  const existing = [
    "up",
    "--registry",
    "r.example.com",
    "--host",
    "h.example.com",
    "--runtime-image",
    DIGEST,
  ];

  it("KUBECONFIG that points to nothing", () => {
    const mend = "set KUBECONFIG to one, or use the embedded cluster with `--embedded`";
    refuses(["up"], { KUBECONFIG: "/nothing" }, 1, `there is no kubeconfig at /nothing; ${mend}`);
  });

  it("KUBECONFIG that is no kubeconfig", () => {
    const file = join(dir, "broken");
    writeFileSync(file, "contexts: [");
    const { status, stderr } = slipway(existing, { KUBECONFIG: file });
    assert.equal(status, 1);
    assert.match(stderr, /error: the kubeconfig \S+broken cannot be read \(.+\); mend it, or set KUBECONFIG/);
  });

  it("an unknown --context", () => {
    const args = [...existing, "--context", "test"];
    refuses(args, { KUBECONFIG: kubeconfig }, 64, `\`--context\` test is not in ${kubeconfig}; it has: prod`);
  });

  it("an existing cluster without a registry", () => {
    const sentence = "an existing cluster needs `--registry`, a registry that both you and it reach";
    refuses(["up"], { KUBECONFIG: kubeconfig }, 64, sentence);
  });

  it("--embedded and --context at once", () => {
    const both = "`--embedded` is this project's own cluster and `--context` another; leave one of them out";
    refuses(["up", "--embedded", "--context", "prod"], {}, 64, both);
  });

  it("options of an existing cluster without one", () => {
    const alone = "`--registry` is for an existing cluster; name one with `--context`, or set KUBECONFIG";
    refuses(existing, {}, 64, alone);
  });

  describe("another cluster than the one that the stack is on", () => {
    const home = join(dir, "elsewhere");
    before(() => {
      const stacks = join(home, "pulumi/.pulumi/stacks/slipway");
      for (const folder of [stacks, join(home, "local")]) mkdirSync(folder, { recursive: true });
      writeFileSync(join(stacks, "local.json"), "{}");
      const there = { kubeconfig: "/home/ana/.kube/config", context: "prod" };
      writeFileSync(join(home, "local/session.json"), JSON.stringify(there));
    });

    for (const [what, args, asked] of [
      ["the embedded one", ["up", "--embedded"], "the embedded cluster"],
      ["one of another kubeconfig", existing, `context prod of ${kubeconfig}`],
    ] as const)
      it(what, () => {
        const on = "the local stack is on context prod of /home/ana/.kube/config";
        const sentence = `${on}, and \`up\` was asked for ${asked}; \`npm run down\` first`;
        refuses([...args], { KUBECONFIG: kubeconfig, SLIPWAY_STATE_DIR: home }, 1, sentence);
      });
  });

  describe("`doctor` where KUBECONFIG is set", () => {
    it("speaks of that cluster, as `up` does", () => {
      const { stdout } = slipway(["doctor"], { KUBECONFIG: kubeconfig });
      assert.match(stdout, new RegExp(`^ok\\tExisting cluster\\tcontext prod of ${kubeconfig} .*$`, "m"));
      assert.match(stdout, /^`npx slipway up --registry REGISTRY --host NAME` can/m);
      assert.doesNotMatch(stdout, /Cluster programs|Gateway port/);
    });

    it("says what mends a file that is not there", () => {
      const { status, stdout } = slipway(["doctor"], { KUBECONFIG: "/nothing" });
      assert.equal(status, 1);
      assert.match(stdout, /^Existing cluster: set KUBECONFIG to one, or use the embedded cluster with/m);
    });

    it("speaks of the embedded one with --embedded", () => {
      assert.match(slipway(["doctor", "--embedded"], { KUBECONFIG: kubeconfig }).stdout, /Gateway port/);
    });
  });

  it("a port that is taken", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port } = holder.address() as AddressInfo;
    const { status, stderr } = slipway(["up", "--gateway-port", String(port)]);
    holder.close();
    assert.equal(status, 1);
    assert.match(
      stderr,
      new RegExp(
        `^error: Port ${port}, .* is taken by \\S+ \\(process ${process.pid}\\): .* --gateway-port\\.\n$`,
      ),
    );
  });

  it("a state folder that cannot be", () => {
    const file = join(dir, "file");
    writeFileSync(file, "");
    const mend = "make its parent writable, or set SLIPWAY_STATE_DIR to a folder that is";
    for (const command of ["up", "token"]) {
      const sentence = `the state folder ${file} cannot be made (ENOTDIR); ${mend}`;
      refuses([command], { SLIPWAY_STATE_DIR: file }, 1, sentence);
    }
  });

  it("`infer` while the gateway is down", () => {
    const local = join(dir, "down", "local");
    mkdirSync(local, { recursive: true });
    const tokenKey = join(local, "token-key.pem");
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    writeFileSync(tokenKey, privateKey.export({ type: "pkcs8", format: "pem" }));
    const caCertificate = join(local, "ca.pem");
    writeFileSync(caCertificate, "");
    const session = { endpoint: "https://127.0.0.1:1", caCertificate, tokenKey, models: [] };
    writeFileSync(join(local, "session.json"), JSON.stringify(session));
    const args = ["infer", "m", "--input", join(projectRoot, "examples/requests/silero-vad.json")];
    const { status, stderr } = slipway(args, { SLIPWAY_STATE_DIR: join(dir, "down") });
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^error: the gateway at https:\/\/127\.0\.0\.1:1 does not answer \(.+\); `npm run up` repairs the local stack\n$/,
    );
  });

  it("leaves nothing half-made behind", () => {
    assert.deepEqual(readdirSync(state), []);
  });

  it("a profile that is not YAML, or no map", () => {
    const file = join(dir, "Pulumi.local.yaml");
    writeFileSync(file, "config:\n  slipway:host: [a\n");
    assert.throws(
      () => readStackConfig(file),
      /^SlipwayError: Pulumi\.local\.yaml is not valid YAML \(.+ at line \d+, column \d+\); mend that line of \//,
    );
    writeFileSync(file, "- a\n");
    assert.throws(() => readStackConfig(file), {
      message: "Pulumi.local.yaml must hold a map with the key `config`",
    });
  });

  it("a state folder without room for a cluster", () => {
    const given = process.env.SLIPWAY_STATE_DIR;
    process.env.SLIPWAY_STATE_DIR = state;
    try {
      assert.deepEqual(stateFinding(1e9), {
        name: "State folder",
        state: "missing",
        detail: `the cluster needs 3.0 GB where ${state} lies, and 1.0 GB are free`,
        mend: "free space, or set SLIPWAY_STATE_DIR to a folder on a larger disk",
      });
      assert.equal(stateFinding(4e9).state, "ok");
    } finally {
      if (given === undefined) delete process.env.SLIPWAY_STATE_DIR;
      else process.env.SLIPWAY_STATE_DIR = given;
    }
  });

  it("a disk that is full, read-only or somebody else's", () => {
    const error = (code: string) =>
      Object.assign(new Error(code), { code, syscall: "write", path: "/state/x" });
    assert.match(
      fileSystemSentence(error("ENOSPC"))!,
      /^cannot write \/state\/x \(ENOSPC\): the disk is full; free space/,
    );
    assert.match(fileSystemSentence(error("EROFS"))!, /read-only; set SLIPWAY_STATE_DIR/);
    assert.match(fileSystemSentence(error("EACCES"))!, /you may not; run this as/);
    assert.equal(fileSystemSentence(new Error("other")), undefined);
  });
});
