import assert from "node:assert/strict";
import { cgroupCpuQuota, usableCpus } from "../../runtime/cpu-quota";
import { modelFolder } from "./support/model-folder";

describe("cgroupCpuQuota", () => {
  const cases: [string, Record<string, string>, number][] = [
    ["no cgroup at all", {}, Infinity],
    [
      "version 2 without a limit",
      { "proc/self/cgroup": "0::/a\n", "sys/fs/cgroup/a/cpu.max": "max 100000" },
      Infinity,
    ],
    ["version 2", { "proc/self/cgroup": "0::/a\n", "sys/fs/cgroup/a/cpu.max": "150000 100000\n" }, 1.5],
    [
      "version 2, the parent stricter",
      {
        "proc/self/cgroup": "0::/a/b\n",
        "sys/fs/cgroup/a/cpu.max": "50000 100000",
        "sys/fs/cgroup/a/b/cpu.max": "200000 100000",
      },
      0.5,
    ],
    [
      "version 2 inside a container",
      { "proc/self/cgroup": "0::/kubepods/x\n", "sys/fs/cgroup/cpu.max": "200000 100000" },
      2,
    ],
    [
      "version 1",
      {
        "proc/self/cgroup": "4:cpu,cpuacct:/a\n",
        "sys/fs/cgroup/cpu/a/cpu.cfs_quota_us": "300000",
        "sys/fs/cgroup/cpu/a/cpu.cfs_period_us": "100000",
      },
      3,
    ],
    [
      "version 1 without a limit",
      {
        "proc/self/cgroup": "4:cpu:/a\n",
        "sys/fs/cgroup/cpu/a/cpu.cfs_quota_us": "-1",
        "sys/fs/cgroup/cpu/a/cpu.cfs_period_us": "100000",
      },
      Infinity,
    ],
    [
      "version 1 inside a container",
      {
        "proc/self/cgroup": "4:cpu,cpuacct:/docker/x\n",
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "100000",
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000",
      },
      1,
    ],
  ];
  for (const [what, files, quota] of cases) {
    it(`reads ${what}`, () => assert.equal(cgroupCpuQuota(modelFolder(files)), quota));
  }
});

describe("usableCpus", () => {
  it("is the lesser of quota and affinity in whole processors, at least one", () => {
    assert.deepEqual(
      [usableCpus(Infinity, 8), usableCpus(2.9, 8), usableCpus(0.3, 8), usableCpus(16, 4)],
      [8, 2, 1, 4],
    );
  });
});
