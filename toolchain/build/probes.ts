import { existsSync, readdirSync, readFileSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import { missingPackages, type DebianPackage } from "./debian-packages";
import { installProblem } from "./debian-install";
import { spaceProblem, type SpaceNeed } from "./disk-space";
import { envoyPath, findPip } from "./envoy-wheel";
import { isBuilt } from "./go-group";
import { findGo, type GoToolchain } from "./go-toolchain";
import { findOfficialPulumi, type OfficialPulumi } from "./official-pulumi";
import { spaceNeeds } from "./space-needs";
import type { GoGroup } from "./tool-groups";

/** What `diagnose` asks of the machine; nothing here changes anything. */
export interface Probes {
  nodeVersion(): string;
  platform(): { os: NodeJS.Platform; arch: string; distribution: string };
  isRoot(): boolean;
  findGo(): Promise<GoToolchain | undefined>;
  findOfficialPulumi(): Promise<OfficialPulumi | undefined>;
  isBuilt(group: GoGroup): boolean;
  missingPackages(): DebianPackage[];
  /** Why packages cannot be installed, or undefined. */
  installProblem(): string | undefined;
  hasEnvoy(): boolean;
  hasPip(): Promise<boolean>;
  spaceNeeds(group: GoGroup, go: GoToolchain): Promise<SpaceNeed[]>;
  spaceProblem(needs: readonly SpaceNeed[]): string | undefined;
  /** Names of what the kernel lacks. */
  missingKernelFeatures(): string[];
}

export const realProbes: Probes = {
  nodeVersion: () => process.versions.node,
  platform: () => ({ os: process.platform, arch: process.arch, distribution: distribution() }),
  isRoot: () => process.getuid?.() === 0,
  findGo,
  findOfficialPulumi,
  isBuilt,
  missingPackages: () => missingPackages(),
  installProblem: () => installProblem(),
  hasEnvoy: () => existsSync(envoyPath()),
  hasPip: async () => (await findPip()) !== undefined,
  spaceNeeds,
  spaceProblem: (needs) => spaceProblem(needs),
  missingKernelFeatures,
};

/** E.g. "Debian GNU/Linux 12 (bookworm)". */
function distribution(): string {
  try {
    const line = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(readFileSync("/etc/os-release", "utf8"));
    return line?.[1] ?? process.platform;
  } catch {
    return process.platform;
  }
}

function missingKernelFeatures(): string[] {
  const features: [string, boolean][] = [
    ["network namespaces", existsSync("/proc/self/ns/net")],
    [
      "overlayfs",
      hasModule("overlay", () => readFileSync("/proc/filesystems", "utf8").includes("\toverlay\n")),
    ],
    ["cgroups mounted on /sys/fs/cgroup", hasCgroups("/sys/fs/cgroup")],
  ];
  return features.filter(([, present]) => !present).map(([name]) => name);
}

/** In the kernel already, or a module that is loaded on first use. */
function hasModule(name: string, isLoaded: () => boolean): boolean {
  try {
    return (
      isLoaded() ||
      readFileSync(join("/lib/modules", release(), "modules.dep"), "utf8").includes(`/${name}.ko`)
    );
  } catch {
    return false;
  }
}

/** Version 2 lists its controllers in a file; version 1 has a folder for each of them. */
function hasCgroups(root: string): boolean {
  const needed = ["cpu", "memory", "pids"];
  try {
    const unified = join(root, "cgroup.controllers");
    if (existsSync(unified)) return includesAll(readFileSync(unified, "utf8").split(/\s+/), needed);
    return includesAll(readdirSync(root), needed);
  } catch {
    return false;
  }
}

function includesAll(list: readonly string[], needed: readonly string[]): boolean {
  return needed.every((name) => list.includes(name));
}
