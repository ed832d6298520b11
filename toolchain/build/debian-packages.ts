import { findPrograms } from "../programs";

/** A Debian package, and what shows that it, or an equal from elsewhere (e.g. Docker's containerd.io), is installed. */
export interface DebianPackage {
  readonly name: string;
  /** Programs that must be found. */
  readonly programs: readonly string[];
  /** Services that the package starts and enables, which the embedded node does not use. */
  readonly services?: readonly string[];
}

/** What the embedded node takes from Debian. */
export const CLUSTER_PACKAGES: readonly DebianPackage[] = [
  { name: "etcd-server", programs: ["etcd"], services: ["etcd.service"] },
  {
    name: "containerd",
    programs: ["containerd", "ctr", "containerd-shim-runc-v2"],
    services: ["containerd.service"],
  },
  { name: "runc", programs: ["runc"] },
  { name: "containernetworking-plugins", programs: ["/usr/lib/cni/ptp", "/usr/lib/cni/host-local"] },
  { name: "iptables", programs: ["iptables", "ip6tables", "iptables-restore"] },
  { name: "conntrack", programs: ["conntrack"] },
  { name: "ipset", programs: ["ipset"] },
  { name: "iproute2", programs: ["ip"] },
  { name: "docker-registry", programs: ["docker-registry"], services: ["docker-registry.service"] },
  // Its Go module cannot be built: the pages that it embeds are made by Node and are not in it.
  {
    name: "prometheus-alertmanager",
    programs: ["prometheus-alertmanager"],
    services: ["prometheus-alertmanager.service"],
  },
];

/** What downloads a wheel where Python has no pip. */
export const PIP_PACKAGE: DebianPackage = { name: "python3-pip", programs: ["pip3"] };

export function isInstalled(debianPackage: DebianPackage): boolean {
  return debianPackage.programs.every((program) => findPrograms(program).length > 0);
}

export function missingPackages(packages: readonly DebianPackage[] = CLUSTER_PACKAGES): DebianPackage[] {
  return packages.filter((debianPackage) => !isInstalled(debianPackage));
}

/** Paths of the packages' programs, by name. */
export function packagePrograms(packages: readonly DebianPackage[] = CLUSTER_PACKAGES): Map<string, string> {
  const found = new Map<string, string>();
  for (const program of packages.flatMap(({ programs }) => programs)) {
    const path = findPrograms(program)[0];
    if (path !== undefined) found.set(program, path);
  }
  return found;
}
