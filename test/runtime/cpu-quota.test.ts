import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { allowedCpus, cgroupCpuQuota, usableCpus } from "../../runtime/cpu-quota";
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
    [
      "version 1 where cpu and cpuset are groups of their own",
      {
        "proc/self/cgroup": "3:cpuset:/c\n2:cpuacct:/b\n1:cpu:/a\n0::/\n",
        "sys/fs/cgroup/cpu/a/cpu.cfs_quota_us": "70000",
        "sys/fs/cgroup/cpu/a/cpu.cfs_period_us": "20000",
        "sys/fs/cgroup/cpu/c/cpu.cfs_quota_us": "10000",
        "sys/fs/cgroup/cpu/c/cpu.cfs_period_us": "20000",
      },
      3.5,
    ],
    [
      "version 2 with a period of its own",
      { "proc/self/cgroup": "0::/a\n", "sys/fs/cgroup/a/cpu.max": "33000 10000" },
      3.3,
    ],
  ];
  for (const [what, files, quota] of cases) {
    it(`reads ${what}`, () => assert.equal(cgroupCpuQuota(modelFolder(files)), quota));
  }
});

describe("allowedCpus", () => {
  const status = (list: string) =>
    `Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${list}\nMems_allowed:\t1\n`;
  const cases: [string, Record<string, string>, number][] = [
    ["the affinity of the process", { "proc/self/status": status("0-3,8,10-11") }, 7],
    ["one processor", { "proc/self/status": status("5") }, 1],
    [
      "the cpuset of version 2, as the static CPU manager narrows it",
      {
        "proc/self/status": status("0-63"),
        "proc/self/cgroup": "0::/kubepods/pod1/c\n",
        "sys/fs/cgroup/kubepods/cpuset.cpus.effective": "0-63",
        "sys/fs/cgroup/kubepods/pod1/c/cpuset.cpus.effective": "4-5,36-37\n",
      },
      4,
    ],
    [
      "the cpuset of version 2 inside a container",
      {
        "proc/self/status": status("0-7"),
        "proc/self/cgroup": "0::/\n",
        "sys/fs/cgroup/cpuset.cpus.effective": "2-3",
      },
      2,
    ],
    [
      "the cpuset of version 1",
      {
        "proc/self/cgroup": "5:cpuset:/a\n4:cpu:/b\n",
        "sys/fs/cgroup/cpuset/a/cpuset.effective_cpus": "0,2,4",
      },
      3,
    ],
    [
      "the cpuset of version 1 in a kernel without the effective list",
      { "proc/self/cgroup": "5:cpuset:/a\n", "sys/fs/cgroup/cpuset/a/cpuset.cpus": "0-1" },
      2,
    ],
    [
      "the affinity where the group's own list is empty, which inherits",
      {
        "proc/self/status": status("0-2"),
        "proc/self/cgroup": "0::/a\n",
        "sys/fs/cgroup/a/cpuset.cpus.effective": "\n",
      },
      3,
    ],
    ["Node's own count where the system tells nothing", {}, availableParallelism()],
  ];
  for (const [what, files, count] of cases) {
    it(`reads ${what}`, () => assert.equal(allowedCpus(modelFolder(files)), count));
  }
});

describe("usableCpus", () => {
  it("is the lesser of quota and allowed ones in whole processors, at least one", () => {
    assert.deepEqual(
      [usableCpus(Infinity, 8), usableCpus(2.9, 8), usableCpus(0.3, 8), usableCpus(16, 4)],
      [8, 2, 1, 4],
    );
  });
});
