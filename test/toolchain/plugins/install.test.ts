import assert from "node:assert";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, constants, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

  it("leaves an official engine to itself", async () => {
    const environment = await installPlugins({ home, official: true });
    assert.deepStrictEqual(Object.keys(environment), [
      "PULUMI_SKIP_UPDATE_CHECK",
      "PULUMI_SUPPRESS_NEO_LINK",
    ]);
  });

  it("installs plugins that print their port, and end when the engine says so", async () => {
    const { PULUMI_HOME = "" } = await installPlugins({ home });
    const serving = catalogue().filter(({ kind, name }) => kind !== "analyzer" && name !== "pulumi-nodejs");
    for (const plugin of serving) {
      const file = join(PULUMI_HOME, "plugins", folderName(plugin), executableName(plugin));
      const child = spawn(file, ["127.0.0.1:1"], { stdio: ["ignore", "pipe", "inherit"] });
      const [output] = (await once(child.stdout, "data")) as [Buffer];
      assert.match(output.toString(), /^\d+\n$/, plugin.name);
      child.kill("SIGINT");
      assert.deepStrictEqual(await once(child, "exit"), [0, null], plugin.name);
    }
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
