import { existsSync, readFileSync, readdirSync, readlinkSync, rmSync, rmdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import type { Layout } from "./layout";
import { CNI_NETWORK } from "./processes/containerd";

/** Folders whose place containerd, its network library and kubelet fix; others of the machine may use them too. */
const CNI_CACHE = "/var/lib/cni/results";
const SHIM_SOCKETS = "/run/containerd/s";
const LOG_LINKS = "/var/log/containers";

/** Where each shim's socket lies; to be asked before containerd's folder under /run goes. */
export function shimSockets(layout: Layout): string[] {
  const bundles = join(layout.run, "containerd", "io.containerd.runtime.v2.task", "k8s.io");
  return entriesOf(bundles).flatMap((id) => {
    try {
      const address = readFileSync(join(bundles, id, "address"), "utf8").trim();
      const path = address.replace(/^unix:\/\//, "");
      return path.startsWith(`${SHIM_SOCKETS}/`) ? [path] : [];
    } catch {
      return [];
    }
  });
}

/** Removes what containers leave in shared folders, and those folders where nothing else is in them. */
export function removeContainerLeftovers(layout: Layout, sockets: readonly string[]): void {
  for (const socket of sockets) rmSync(socket, { force: true });
  const own = entriesOf(CNI_CACHE).filter((name) => name.startsWith(`${CNI_NETWORK}-`));
  const ids = own.map((name) => name.slice(CNI_NETWORK.length + 1).split("-")[0]!);
  for (const name of entriesOf(CNI_CACHE)) {
    if (own.includes(name) || ids.some((id) => name === `cni-loopback-${id}-lo`))
      rmSync(join(CNI_CACHE, name));
  }
  for (const name of entriesOf(LOG_LINKS)) {
    if (linkTarget(join(LOG_LINKS, name))?.startsWith(`${layout.podLogs}/`))
      unlinkSync(join(LOG_LINKS, name));
  }
  for (const dir of [CNI_CACHE, "/var/lib/cni", SHIM_SOCKETS, "/run/containerd", LOG_LINKS])
    removeIfEmpty(dir);
}

function entriesOf(dir: string): string[] {
  return existsSync(dir) ? readdirSync(dir) : [];
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function removeIfEmpty(dir: string): void {
  try {
    rmdirSync(dir);
  } catch {
    // Not there, or somebody else's things are in it.
  }
}
