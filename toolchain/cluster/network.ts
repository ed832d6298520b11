import { existsSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "../errors";
import { runCommand, tryCommand } from "./run-command";
import {
  HOST_INTERFACE,
  HOST_IP,
  NETNS,
  NODE_INTERFACE,
  NODE_IP,
  NODE_SUBNET,
  PREFIX_LENGTH,
  SERVICE_CIDR,
} from "./settings";

/** Where `ip netns` keeps namespaces by name. */
const NAMESPACES = "/run/netns";

const inNode = (...args: string[]) => runCommand("ip", ["-n", NETNS, ...args]);

/**
 * Makes the node's network namespace and the veth pair that leads into it, where they are missing.
 * Returns whether the namespace is new: then no process of an earlier run can be of use.
 */
export async function ensureNetwork(): Promise<boolean> {
  const isNew = !(await namespaceExists());
  if (isNew) {
    // A file without a namespace behind it stays after a reboot where /run is a disk folder.
    if (existsSync(join(NAMESPACES, NETNS))) await runCommand("ip", ["netns", "delete", NETNS]);
    await runCommand("ip", ["netns", "add", NETNS]);
  }
  if (!(await nodeLinkExists())) {
    await tryCommand("ip", ["link", "delete", HOST_INTERFACE]);
    const peer = ["type", "veth", "peer", "name", NODE_INTERFACE, "netns", NETNS];
    await runCommand("ip", ["link", "add", HOST_INTERFACE, ...peer]);
  }
  await runCommand("ip", ["address", "replace", `${HOST_IP}/${PREFIX_LENGTH}`, "dev", HOST_INTERFACE]);
  await runCommand("ip", ["link", "set", HOST_INTERFACE, "up"]);
  await inNode("link", "set", "lo", "up");
  await inNode("address", "replace", `${NODE_IP}/${PREFIX_LENGTH}`, "dev", NODE_INTERFACE);
  await inNode("link", "set", NODE_INTERFACE, "up");
  // Service addresses are rewritten on the way out, and a packet needs a route before it gets that far. There is no
  // default route: what is not in the cluster is unreachable at once, instead of after a timeout.
  await inNode("route", "replace", SERVICE_CIDR, "via", HOST_IP);
  await setNodeSysctl("net.ipv4.ip_forward", "1");
  return isNew;
}

/** Removes the namespace and the pair. Nothing may run in the namespace any more. */
export async function removeNetwork(): Promise<void> {
  if (await linkExists()) await runCommand("ip", ["link", "delete", HOST_INTERFACE]);
  if (!existsSync(NAMESPACES)) return;
  if (existsSync(join(NAMESPACES, NETNS))) await runCommand("ip", ["netns", "delete", NETNS]);
  // `ip netns add` makes this folder a mount of its own and leaves it behind.
  if (readdirSync(NAMESPACES).length === 0) {
    await tryCommand("umount", [NAMESPACES]);
    rmdirSync(NAMESPACES);
  }
}

/** The numbers of all processes in the node's network namespace; pods have namespaces of their own. */
export async function processesInNode(): Promise<number[]> {
  if (!(await namespaceExists())) return [];
  const { stdout } = await tryCommand("ip", ["netns", "pids", NETNS]);
  return stdout.split("\n").filter(Boolean).map(Number);
}

/** Refuses a machine on which the node's addresses mean something else already. */
export async function assertSubnetFree(): Promise<void> {
  const { stdout } = await tryCommand("ip", ["-o", "route", "show", "root", NODE_SUBNET]);
  for (const line of stdout.split("\n").filter(Boolean)) {
    const device = /\bdev (\S+)/.exec(line)?.[1];
    if (device && device !== HOST_INTERFACE) {
      throw new SlipwayError(
        `The network ${NODE_SUBNET} of the embedded cluster is in use by the interface ${device}: free that range, ` +
          "or use an existing cluster with --context.",
      );
    }
  }
}

async function namespaceExists(): Promise<boolean> {
  const { code } = await tryCommand("ip", ["-n", NETNS, "link", "show", "lo"]);
  return code === 0;
}

async function linkExists(): Promise<boolean> {
  return (await tryCommand("ip", ["link", "show", HOST_INTERFACE])).code === 0;
}

async function nodeLinkExists(): Promise<boolean> {
  return (
    (await linkExists()) && (await tryCommand("ip", ["-n", NETNS, "link", "show", NODE_INTERFACE])).code === 0
  );
}

/** Kernel settings below `net.` belong to a namespace: the machine's own stay as they are. */
async function setNodeSysctl(name: string, value: string): Promise<void> {
  const args = [`--net=/run/netns/${NETNS}`, "--", "sh", "-c", 'printf %s "$1" > "$2"', "sh"];
  await runCommand("nsenter", [...args, value, `/proc/sys/${name.replaceAll(".", "/")}`]);
}
