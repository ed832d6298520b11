import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installProblem } from "../../../toolchain/build/debian-install";
import { withoutServices } from "../../../toolchain/build/debian-services";
import { removeScratchFolders, scratchFolder } from "./scratch";

describe("withoutServices", () => {
  afterEach(removeScratchFolders);

  function control(enabled: string[] = []) {
    const calls: string[] = [];
    const policy = join(scratchFolder(), "policy-rc.d");
    const systemctl = async (verb: string, service: string): Promise<number> => {
      calls.push(`${verb} ${service}`);
      return enabled.includes(service) ? 0 : 1;
    };
    return { policy, systemctl, calls };
  }

  it("denies starts while it installs, and leaves no policy behind", async () => {
    const services = control();
    let seen = "";
    await withoutServices(
      ["etcd.service"],
      async () => {
        seen = readFileSync(services.policy, "utf8");
        assert.equal(statSync(services.policy).mode & 0o777, 0o755);
      },
      services,
    );
    assert.match(seen, /^#!\/bin\/sh\n.*\nexit 101\n$/);
    assert.ok(!existsSync(services.policy));
    assert.deepEqual(services.calls, [
      "is-enabled etcd.service",
      "disable etcd.service",
      "stop etcd.service",
    ]);
  });

  it("leaves a service alone that was enabled before", async () => {
    const services = control(["containerd.service"]);
    await withoutServices(["containerd.service"], async () => undefined, services);
    assert.deepEqual(services.calls, ["is-enabled containerd.service"]);
  });

  it("leaves the machine's own policy alone", async () => {
    const services = control();
    writeFileSync(services.policy, "#!/bin/sh\nexit 0\n");
    await withoutServices([], async () => undefined, services);
    assert.equal(readFileSync(services.policy, "utf8"), "#!/bin/sh\nexit 0\n");
  });

  it("takes its policy away when the installation fails", async () => {
    const services = control();
    await assert.rejects(
      withoutServices([], () => Promise.reject(new Error("no")), services),
      { message: "no" },
    );
    assert.ok(!existsSync(services.policy));
  });
});

describe("installProblem", () => {
  const cases: [boolean, boolean, string | undefined][] = [
    [true, true, undefined],
    [false, true, "only root may install packages"],
    [true, false, "this is no Debian (there is no apt-get)"],
    [false, false, "this is no Debian (there is no apt-get)"],
  ];
  for (const [isRoot, hasApt, expected] of cases) {
    it(`root ${isRoot}, apt ${hasApt}`, () => assert.equal(installProblem(isRoot, hasApt), expected));
  }
});
