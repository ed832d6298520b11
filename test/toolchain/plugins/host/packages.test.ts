import assert from "node:assert";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programDependencies, requiredPackages } from "../../../../toolchain/plugins/host/packages";

describe("packages of a program", () => {
  let folder = "";
  const write = async (path: string, manifest: object) => {
    await mkdir(join(folder, path), { recursive: true });
    await writeFile(join(folder, path, "package.json"), JSON.stringify(manifest));
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-packages-"));
    await write("", { name: "program", dependencies: { "@pulumi/tls": "^1", absent: "1" } });
    await write("node_modules/@pulumi/tls", {
      name: "@pulumi/tls",
      version: "5.6.1",
      pulumi: { resource: true, name: "tls", version: "5.6.1" },
    });
    await write("node_modules/@pulumi/pulumi", { name: "@pulumi/pulumi", version: "3.0.0" });
    await write("node_modules/other", {
      name: "other",
      version: "v1.0.0",
      pulumi: { resource: true, server: "https://plugins.test" },
    });
    await mkdir(join(folder, "node_modules/.bin"));
    await mkdir(join(folder, "node_modules/broken"));
    await writeFile(join(folder, "node_modules/broken/package.json"), "{");
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("are found from a folder below, by their pulumi section", async () => {
    await mkdir(join(folder, "stacks"));
    const found = requiredPackages(join(folder, "stacks"));
    assert.deepStrictEqual(
      found.map(({ name, version, server }) => [name, version, server]),
      [
        ["tls", "v5.6.1", undefined],
        ["other", "v1.0.0", "https://plugins.test"],
      ],
    );
  });

  it("are the nearest of two versions", async () => {
    const nearer = { name: "@pulumi/tls", version: "4.0.0", pulumi: { resource: true, name: "tls" } };
    await write("stacks/node_modules/@pulumi/tls", nearer);
    const [tls] = requiredPackages(join(folder, "stacks"));
    assert.strictEqual(tls?.version, "v4.0.0");
  });

  it("include direct dependencies with the versions that are installed", () => {
    assert.deepStrictEqual(programDependencies(folder), [{ name: "@pulumi/tls", version: "5.6.1" }]);
  });
});
