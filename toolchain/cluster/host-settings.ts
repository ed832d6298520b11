import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Layout } from "./layout";
import { tryCommand } from "./run-command";
import { writeIfChanged } from "./write-file";

/** Settings of the whole machine that kubelet changes when it starts. */
const CHANGED_BY_KUBELET = [
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
];
/** Parts of the kernel that a stock Debian loads on demand. */
const MODULES = ["overlay", "br_netfilter", "nf_conntrack", "ip_tables", "ip_set"];

interface SavedSettings {
  readonly bootId: string;
  readonly values: Readonly<Record<string, string>>;
}

const fileOf = (layout: Layout) => join(layout.root, "host-settings.json");
const bootId = () => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();

/** Remembers the machine's settings as they are before kubelet first starts in this boot. */
export function saveHostSettings(layout: Layout): void {
  if (readSaved(layout)?.bootId === bootId()) return;
  const values: Record<string, string> = {};
  for (const name of CHANGED_BY_KUBELET) {
    try {
      values[name] = readFileSync(`/proc/sys/${name}`, "utf8").trim();
    } catch {
      // This kernel does not have it, so kubelet cannot change it.
    }
  }
  writeIfChanged(fileOf(layout), `${JSON.stringify({ bootId: bootId(), values })}\n`, 0o600);
}

/** Puts back what {@link saveHostSettings} remembered, unless the machine was booted since. */
export function restoreHostSettings(layout: Layout): void {
  const saved = readSaved(layout);
  if (saved?.bootId === bootId()) {
    for (const [name, value] of Object.entries(saved.values)) writeFileSync(`/proc/sys/${name}`, value);
  }
  rmSync(fileOf(layout), { force: true });
}

/** Loads kernel modules where there are any; a kernel that has them built in needs none. */
export async function loadKernelModules(): Promise<void> {
  for (const name of MODULES) {
    await tryCommand("modprobe", ["--quiet", name]).catch(() => undefined);
  }
}

function readSaved(layout: Layout): SavedSettings | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(layout), "utf8")) as SavedSettings;
  } catch {
    return undefined;
  }
}
