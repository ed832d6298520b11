import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fetchUnlessInstalled, keepOnly, type KeptOptions } from "../../../runtime/pull/keep-verified";
import { pull as command } from "../../../runtime/pull/pull-command";
import { parseReference } from "../../../runtime/pull/reference";
import { projectRoot } from "../../../toolchain/paths";
import { modelFolder } from "../support/model-folder";
import { TestRegistry } from "../support/test-registry";

const sha256Of = (text: string) => createHash("sha256").update(text).digest("hex");

describe("pull --keep-verified", () => {
  let registry: TestRegistry;
  let host: string;
  beforeEach(async () => {
    registry = new TestRegistry();
    await registry.start();
    host = registry.host;
  });
  afterEach(() => registry.close());

  const artifact = () =>
    registry.push({
      "4/model.onnx": "four",
      "4/weights.bin": "w",
      "model.json": JSON.stringify({ sha256: { "4": sha256Of("four"), "4/weights.bin": sha256Of("w") } }),
    });

  async function pull(source: string, to: string, given: Partial<KeptOptions> = {}) {
    const damage: string[] = [];
    const { dir, kept } = await fetchUnlessInstalled(parseReference(source), {
      to,
      name: "ocr",
      version: "4",
      sha256: sha256Of("four"),
      insecureRegistries: [host],
      wait: async () => undefined,
      onDamage: (reason) => damage.push(reason),
      ...given,
    });
    assert.equal(dir, join(to, "ocr"));
    return { kept, damage };
  }

  it("asks nobody where every file has its digest", async () => {
    const to = modelFolder({});
    const source = artifact();
    assert.deepEqual(await pull(source, to), { kept: false, damage: [] });
    const asked = registry.requests.length;
    registry.close();
    assert.deepEqual(await pull(source, to), { kept: true, damage: [] });
    assert.equal(registry.requests.length, asked);
  });

  it("opens no connection and looks up no name, as a process", async () => {
    const to = modelFolder({});
    const source = artifact();
    await pull(source, to);
    const guard = join(modelFolder({ "guard.js": GUARD }), "guard.js");
    const argv = [
      "--to",
      to,
      "--name",
      "ocr",
      "--version",
      "4",
      "--sha256",
      sha256Of("four"),
      "--keep-verified",
    ];
    const run = (...more: string[]) =>
      spawnSync(
        process.execPath,
        ["-r", guard, "-r", "tsx/cjs", join(projectRoot, "runtime/main.ts"), "pull", ...argv, ...more],
        {
          cwd: projectRoot,
          encoding: "utf8",
          env: { ...process.env, SLIPWAY_INSECURE_REGISTRIES: host },
        },
      );
    const { status, stdout, stderr } = run(source);
    assert.deepEqual(
      [status, stdout, stderr],
      [0, `${source} is in ${join(to, "ocr")} already, every file with its digest\n`, ""],
    );
    // The guard itself works: what is not there has to be fetched.
    rmSync(join(to, "ocr/4/weights.bin"));
    const broken = run(source);
    assert.equal(broken.status, 99, broken.stderr);
    assert.match(
      broken.stderr,
      /^`ocr\/4\/weights\.bin` is missing; it is fetched again\.\na connection was opened/i,
    );
  });

  for (const [what, file, content, reason] of [
    [
      "a model",
      "4/model.onnx",
      "fou?",
      /^`ocr\/4\/model\.onnx` has the SHA-256 \w{64}, but was installed with \w{64}$/,
    ],
    [
      "weights",
      "4/weights.bin",
      "?",
      /^`ocr\/4\/weights\.bin` has the SHA-256 \w{64}, but was installed with \w{64}$/,
    ],
    [
      "options",
      "model.json",
      "{}",
      /^`ocr\/model\.json` has the SHA-256 \w{64}, but was installed with \w{64}$/,
    ],
  ] as const) {
    it(`says which file of ${what} is damaged, and fetches it again`, async () => {
      const to = modelFolder({});
      const source = artifact();
      await pull(source, to);
      const good = readFileSync(join(to, "ocr", file), "utf8");
      writeFileSync(join(to, "ocr", file), content);
      const { kept, damage } = await pull(source, to);
      assert.equal(kept, false);
      assert.equal(damage.length, 1);
      assert.match(damage[0]!, reason);
      if (file !== "model.json") assert.equal(readFileSync(join(to, "ocr", file), "utf8"), good);
      assert.equal((await pull(source, to)).kept, true);
    });
  }

  it("says why the source was asked and what is on the disk, where neither can be had", async () => {
    const to = modelFolder({});
    const source = artifact();
    await pull(source, to);
    writeFileSync(join(to, "ocr/4/model.onnx"), "fou?");
    registry.close();
    await assert.rejects(pull(source, to), (error: Error) => {
      assert.match(error.message, /ECONNREFUSED|cannot be reached|fetch failed/);
      assert.ok(
        error.message.endsWith(
          `What lies on the disk cannot be used instead: \`ocr/4/model.onnx\` has the SHA-256 ${sha256Of("fou?")}, but was installed with ${sha256Of("four")}.`,
        ),
        error.message,
      );
      return true;
    });
  });

  it("trusts the command more than the record beside the files", async () => {
    const to = modelFolder({});
    const source = artifact();
    await pull(source, to);
    // Whoever changed the model has changed its record, too.
    const record = join(to, ".installed/ocr.json");
    writeFileSync(join(to, "ocr/4/model.onnx"), "evil");
    writeFileSync(record, readFileSync(record, "utf8").replaceAll(sha256Of("four"), sha256Of("evil")));
    writeFileSync(
      record,
      readFileSync(record, "utf8").replace(/"sha256": "\w+"/, `"sha256": "${sha256Of("four")}"`),
    );
    const { damage } = await pull(source, to);
    assert.match(damage[0]!, /^`ocr\/4\/model\.onnx` has the SHA-256 /);
    assert.equal(readFileSync(join(to, "ocr/4/model.onnx"), "utf8"), "four");
  });

  it("fetches what another source or digest is asked for", async () => {
    const to = modelFolder({});
    const source = artifact();
    await pull(source, to);
    const other = registry.push({ "4/model.onnx": "four", "model.json": '{"instances":2}' });
    const { kept, damage } = await pull(other, to);
    assert.equal(kept, false);
    assert.deepEqual(damage, [`version 4 of \`ocr\` was installed from ${source}, not from ${other}`]);
    assert.equal(JSON.parse(readFileSync(join(to, "ocr/model.json"), "utf8")).instances, 2);
  });

  it("takes a record that cannot be read for damage", async () => {
    const to = modelFolder({});
    const source = artifact();
    await pull(source, to);
    writeFileSync(join(to, ".installed/ocr.json"), "{");
    assert.match((await pull(source, to)).damage[0]!, /^the record of what was installed cannot be read: /);
  });

  it("keeps two versions of a model side by side", async () => {
    const to = modelFolder({});
    const four = artifact();
    const five = registry.push({ "5/model.onnx": "five", "model.json": '{"instances":2}' });
    const second = { version: "5", sha256: sha256Of("five") };
    await pull(four, to);
    await pull(five, to, second);
    registry.close();
    assert.equal((await pull(four, to)).kept, true);
    assert.equal((await pull(five, to, second)).kept, true);
  });

  it("wants to know what must be there, and what else may stay", async () => {
    for (const [argv, sentence] of [
      [
        ["--keep-verified"],
        "`--keep-verified` needs `--name`, `--version` and `--sha256`: they say what must be there.",
      ],
      [["--keep-only", "ocr/4,voice"], "`--keep-only` (voice) must be `<name>/<version>`, as in `ocr/4`."],
    ] as const) {
      await assert.rejects(command(["--to", "x", ...argv, "file:m.onnx"]), {
        message: sentence,
        exitCode: 64,
      });
    }
  });

  it("removes what is not wanted any more, and only what a pull has recorded", async () => {
    const to = modelFolder({ "byhand/1/model.onnx": "x" });
    await pull(artifact(), to);
    await pull(registry.push({ "5/model.onnx": "five" }), to, { version: "5", sha256: sha256Of("five") });
    assert.deepEqual(await keepOnly(to, ["ocr/5"]), ["ocr/4"]);
    assert.deepEqual(readdirSync(join(to, "ocr")).sort(), ["5", "model.json"]);
    assert.deepEqual(await keepOnly(to, ["other/1"]), ["ocr/5"]);
    assert.ok(!existsSync(join(to, "ocr")));
    assert.deepEqual(readdirSync(join(to, ".installed")), []);
    assert.ok(existsSync(join(to, "byhand/1/model.onnx")));
  });
});

/** Ends the process where it turns to the network. */
const GUARD = `
  const refuse = (what) => () => { process.stderr.write(what + "\\n"); process.exit(99); };
  const net = require("node:net");
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...args) {
    const [options] = Array.isArray(args[0]) ? args[0] : args;
    // Unix sockets stay on this machine: the loader of TypeScript has one.
    if (typeof options === "string" || options?.path) return connect.apply(this, args);
    return refuse("a connection was opened")();
  };
  require("node:dns").lookup = refuse("a name was looked up");
  require("node:dgram").createSocket = refuse("a datagram socket was made");
`;
