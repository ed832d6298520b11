import assert from "node:assert";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, constants, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { catalogue, executableName, folderName } from "../../../toolchain/plugins/catalogue";
import { installPlugins } from "../../../toolchain/plugins/install";

describe("installPlugins", function () {
  this.timeout(60_000);
  let home = "";
  before(async () => (home = await mkdtemp(join(tmpdir(), "slipway-plugins-"))));
  after(() => rm(home, { recursive: true, force: true }));

  it("lays out every plugin as the engine looks for it, once for two runs at the same time", async () => {
    const [one, two] = await Promise.all([installPlugins({ home }), installPlugins({ home })]);
    assert.deepStrictEqual(one, two);
    const pulumiHome = one.PULUMI_HOME ?? "";
    assert.deepStrictEqual(
      (await readdir(home)).map((name) => join(home, name)),
      [pulumiHome],
    );
    for (const plugin of catalogue()) {
      const file = join(pulumiHome, "plugins", folderName(plugin), executableName(plugin));
      await access(file, constants.X_OK);
    }
    assert.strictEqual(one.PULUMI_IGNORE_AMBIENT_PLUGINS, "true");
    assert.strictEqual(one.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION, "true");
  });

  describe("with an official engine", () => {
    const { PULUMI_HOME } = process.env;
    /** An engine that knows `plugin install` alone, with a language host beside it unless the test takes it away. */
    async function officialEngine(script: string): Promise<string> {
      const folder = await mkdtemp(join(home, "official-"));
      process.env.PULUMI_HOME = join(folder, "home");
      await writeFile(join(folder, "pulumi-language-nodejs"), "", { mode: 0o755 });
      await writeFile(join(folder, "pulumi"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      return join(folder, "pulumi");
    }
    afterEach(() => {
      if (PULUMI_HOME === undefined) delete process.env.PULUMI_HOME;
      else process.env.PULUMI_HOME = PULUMI_HOME;
    });

    it("leaves it to itself, with the plugins that it fetches", async () => {
      const engine = await officialEngine('echo "$@" >>"$0.calls"');
      const environment = await installPlugins({ home, officialEngine: engine });
      assert.deepStrictEqual(Object.keys(environment), [
        "PULUMI_SKIP_UPDATE_CHECK",
        "PULUMI_SUPPRESS_NEO_LINK",
      ]);
      assert.match(
        await readFile(`${engine}.calls`, "utf8"),
        /^plugin install resource kubernetes \S+\nplugin install resource tls \S+\n$/,
      );
    });

    it("asks it for nothing that is there", async () => {
      const engine = await officialEngine("exit 1");
      for (const plugin of catalogue().filter(({ kind }) => kind === "resource")) {
        await mkdir(join(process.env.PULUMI_HOME!, "plugins", folderName(plugin)), { recursive: true });
      }
      await installPlugins({ home, officialEngine: engine });
    });

    it("says in one sentence that it cannot fetch a plugin, and what helps", async () => {
      const engine = await officialEngine("echo 'error: dial tcp: no such host' >&2; exit 1");
      await assert.rejects(installPlugins({ home, officialEngine: engine }), {
        name: "SlipwayError",
        message: new RegExp(
          `^${engine} could not fetch its plugin kubernetes \\S+ \\(dial tcp: no such host\\): let it reach ` +
            "https://get.pulumi.com, or set SLIPWAY_ENGINE=embedded to use this project's own engine and plugins.$",
        ),
      });
    });

    it("says in one sentence that it has no language host, and what helps", async () => {
      const engine = await officialEngine("exit 1");
      await rm(join(dirname(engine), "pulumi-language-nodejs"));
      await assert.rejects(installPlugins({ home, officialEngine: engine }), {
        name: "SlipwayError",
        message:
          `${engine} has no pulumi-language-nodejs beside it or on PATH: install Pulumi whole, ` +
          "or set SLIPWAY_ENGINE=embedded to use this project's own engine and plugins.",
      });
    });
  });

  it("makes plugins anew where a killed run left half of them", async () => {
    const { PULUMI_HOME = "" } = await installPlugins({ home });
    await rm(PULUMI_HOME, { recursive: true });
    await mkdir(join(`${PULUMI_HOME}.half`, "plugins"), { recursive: true });
    await installPlugins({ home });
    await access(join(PULUMI_HOME, "plugins"));
  });

  /** Starts a plugin and ends it as the engine does. */
  async function startAndEnd(file: string): Promise<void> {
    const child = spawn(file, ["127.0.0.1:1"], { stdio: ["ignore", "pipe", "inherit"] });
    const [output] = (await once(child.stdout, "data")) as [Buffer];
    assert.match(output.toString(), /^\d+\n$/, file);
    child.kill("SIGINT");
    assert.deepStrictEqual(await once(child, "exit"), [0, null], file);
  }

  it("installs plugins that print their port, and end when the engine says so", async () => {
    const { PULUMI_HOME = "" } = await installPlugins({ home });
    const serving = catalogue().filter(({ kind, name }) => kind !== "analyzer" && name !== "pulumi-nodejs");
    for (const plugin of serving) {
      await startAndEnd(join(PULUMI_HOME, "plugins", folderName(plugin), executableName(plugin)));
    }
  });

  it("keeps the compilation of a plugin's first run, and makes it anew where it is of no use", async () => {
    const { PULUMI_HOME = "" } = await installPlugins({ home });
    const aws = catalogue().find(({ name }) => name === "aws");
    assert.ok(aws);
    const folder = join(PULUMI_HOME, "plugins", folderName(aws));
    const [plugin, cache] = [join(folder, executableName(aws)), join(folder, "plugin.cache")];
    await startAndEnd(plugin);
    const made = await readFile(cache);
    await startAndEnd(plugin);
    assert.ok(made.equals(await readFile(cache)), "a second run wrote it again");
    // As that of another version of Node.
    await writeFile(cache, made.subarray(0, 1000));
    await startAndEnd(plugin);
    assert.ok((await readFile(cache)).length > 100_000);
    assert.deepStrictEqual(
      (await readdir(folder)).filter((name) => name.startsWith("plugin.cache")),
      ["plugin.cache"],
    );
  });

  it("installs a language host that says who starts it", async () => {
    const { PULUMI_HOME = "" } = await installPlugins({ home });
    const [host] = catalogue().filter(({ kind }) => kind === "language");
    assert.ok(host);
    const file = join(PULUMI_HOME, "plugins", folderName(host), executableName(host));
    await assert.rejects(promisify(execFile)(file), {
      code: 1,
      stderr: "pulumi-language-nodejs is started by the Pulumi engine, with the engine's address.\n",
    });
  });
});
