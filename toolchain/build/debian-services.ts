import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { findPrograms } from "../programs";
import { runProgram } from "./run-program";

/** Debian's installation scripts ask a program whether they may start a service; 101 means no. */
const MARK = "# written by slipway while it installs packages";
const DENY = `#!/bin/sh\n${MARK}\nexit 101\n`;

/** What switches services; for tests. */
export interface ServiceControl {
  /** Path of the program that is asked. */
  readonly policy: string;
  /** Runs systemctl and gives its exit status. */
  systemctl(verb: "is-enabled" | "disable" | "stop", service: string): Promise<number>;
}

/** Machines without systemd have nothing to ask and nothing to switch off. */
const systemControl: ServiceControl = {
  policy: "/usr/sbin/policy-rc.d",
  async systemctl(verb, service) {
    if (findPrograms("systemctl").length === 0) return 1;
    return (await runProgram("systemctl", [verb, service], { timeoutMs: 30_000 })).code;
  },
};

/**
 * Runs an installation after which none of the new packages' services runs or starts at boot: the embedded node starts its
 * own etcd, containerd, registry and Prometheus, and theirs would take ports and memory. Services that were enabled before
 * are left alone, and so is a policy of the machine's own.
 */
export async function withoutServices(
  services: readonly string[],
  install: () => Promise<void>,
  { policy, systemctl }: ServiceControl = systemControl,
): Promise<void> {
  const wanted = new Set<string>();
  for (const service of services) if ((await systemctl("is-enabled", service)) === 0) wanted.add(service);
  if (!existsSync(policy)) writeFileSync(policy, DENY, { mode: 0o755 });
  try {
    await install();
  } finally {
    // One that an interrupted installation left behind has our mark too.
    if (existsSync(policy) && readFileSync(policy, "utf8").includes(MARK)) rmSync(policy);
  }
  for (const service of services.filter((name) => !wanted.has(name))) {
    await systemctl("disable", service);
    // It runs only where the machine has a policy of its own that allows starts.
    await systemctl("stop", service);
  }
}
