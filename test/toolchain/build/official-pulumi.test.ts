import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { findOfficialPulumi } from "../../../toolchain/build";
import { removeScratchFolders, scratchFolder, withEnvironment, writeProgram } from "./scratch";

describe("findOfficialPulumi", () => {
  let restore: () => void = () => undefined;
  afterEach(() => {
    restore();
    removeScratchFolders();
  });

  /** A folder with a `pulumi` that prints a version. */
  function folderWith(version: string): string {
    const folder = scratchFolder();
    writeProgram(join(folder, "pulumi"), `#!/bin/sh\necho ${version}\n`);
    return folder;
  }

  function usePath(folders: string[], more: Record<string, string | undefined> = {}): void {
    const cache = { SLIPWAY_CACHE_DIR: scratchFolder(), SLIPWAY_ENGINE: undefined };
    restore = withEnvironment({ ...cache, PATH: folders.join(":"), ...more });
  }

  it("takes the first on PATH that fits", async () => {
    const [old, fitting, later] = [folderWith("v3.100.0"), folderWith("v3.210.4"), folderWith("v3.250.0")];
    usePath([old, fitting, later]);
    assert.deepEqual(await findOfficialPulumi(), { path: join(fitting, "pulumi"), version: "3.210.4" });
  });

  it("passes over one that fails or says nothing of a version", async () => {
    const broken = scratchFolder();
    writeProgram(join(broken, "pulumi"), "#!/bin/sh\necho v3.250.0\nexit 3\n");
    const silent = folderWith("");
    const fitting = folderWith("v3.250.0");
    usePath([broken, silent, fitting]);
    assert.equal((await findOfficialPulumi())?.path, join(fitting, "pulumi"));
  });

  it("passes over our own, linked from elsewhere", async () => {
    const cache = scratchFolder();
    const own = join(cache, "toolchain/engine-0123456789abcdef/bin");
    mkdirSync(own, { recursive: true });
    writeProgram(join(own, "pulumi"), "#!/bin/sh\necho v3.250.0\n");
    const linked = scratchFolder();
    symlinkSync(join(own, "pulumi"), join(linked, "pulumi"));
    const fitting = folderWith("v3.240.0");
    usePath([own, linked, fitting], { SLIPWAY_CACHE_DIR: cache });
    assert.equal((await findOfficialPulumi())?.version, "3.240.0");
  });

  it("finds none where SLIPWAY_ENGINE is embedded", async () => {
    usePath([folderWith("v3.250.0")], { SLIPWAY_ENGINE: "embedded" });
    assert.equal(await findOfficialPulumi(), undefined);
  });

  it("refuses another SLIPWAY_ENGINE", async () => {
    usePath([], { SLIPWAY_ENGINE: "offical" });
    await assert.rejects(findOfficialPulumi(), {
      name: "SlipwayError",
      message:
        'SLIPWAY_ENGINE is "offical" and may only be "embedded": set it to that, or unset it to use a pulumi on PATH.',
    });
  });
});
