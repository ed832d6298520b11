import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { runCommand, type RunCommand } from "../../../../toolchain/cluster/network-policy/kernel";
import type { AgentOptions, Attempt } from "./agent";

/** Address of the node on the pods' links, as the CNI plugin `ptp` gives it. */
export const gatewayAddress = "10.244.0.1";

interface Member {
  readonly namespace: string;
  readonly addresses: readonly string[];
  readonly agent: ChildProcess;
}

/**
 * A node and its pods without Kubernetes: network namespaces, each joined by a veth pair to one that routes between
 * them, as the CNI plugin `ptp` does it. Needs root. `close` removes everything.
 */
export class RoutedNetwork {
  private readonly node = `npt-${process.pid}-node`;
  private readonly members = new Map<string, Member>();
  private readonly answers = new Map<number, (result: boolean) => void>();
  private lastId = 0;

  private constructor(private readonly ports: AgentOptions) {}

  /**
   * @param members the addresses of each member, by name
   * @param ports where every member answers
   */
  static async create(
    members: Record<string, readonly string[]>,
    ports: AgentOptions,
  ): Promise<RoutedNetwork> {
    const network = new RoutedNetwork(ports);
    try {
      await runCommand("ip", ["netns", "add", network.node]);
      await network.inNode("ip", ["link", "set", "lo", "up"]);
      await network.inNode("sysctl", ["-q", "-w", "net.ipv4.ip_forward=1"]);
      network.members.set("node", {
        namespace: network.node,
        addresses: [gatewayAddress],
        agent: network.startAgent(network.node),
      });
      for (const [name, addresses] of Object.entries(members)) {
        await network.join(name, addresses);
      }
      await Promise.all([...network.members.values()].map(({ agent }) => once(agent, "message")));
      for (const { agent } of network.members.values()) {
        agent.on("message", ({ id, result }: { id: number; result: boolean }) =>
          this.settle(network, id, result),
        );
      }
      return network;
    } catch (error) {
      await network.close();
      throw error;
    }
  }

  private static settle(network: RoutedNetwork, id: number, result: boolean): void {
    network.answers.get(id)?.(result);
    network.answers.delete(id);
  }

  /** Runs a command in the node's network namespace. */
  readonly inNode: RunCommand = (command, args, input) =>
    runCommand("ip", ["netns", "exec", this.node, command, ...args], input);

  private async join(name: string, addresses: readonly string[]): Promise<void> {
    const index = this.members.size;
    const namespace = `npt-${process.pid}-${index}`;
    const host = `veth${index}`;
    const inMember: RunCommand = (command, args) =>
      runCommand("ip", ["netns", "exec", namespace, command, ...args]);
    await runCommand("ip", ["netns", "add", namespace]);
    this.members.set(name, { namespace, addresses, agent: this.startAgent(namespace) });
    await this.inNode("ip", [
      "link",
      "add",
      host,
      "type",
      "veth",
      "peer",
      "name",
      "eth0",
      "netns",
      namespace,
    ]);
    await this.inNode("ip", ["address", "add", `${gatewayAddress}/32`, "dev", host]);
    await this.inNode("ip", ["link", "set", host, "up"]);
    await inMember("ip", ["link", "set", "lo", "up"]);
    await inMember("ip", ["link", "set", "eth0", "up"]);
    for (const address of addresses) {
      await inMember("ip", ["address", "add", `${address}/32`, "dev", "eth0"]);
      await this.inNode("ip", ["route", "add", `${address}/32`, "dev", host]);
    }
    await inMember("ip", ["route", "add", `${gatewayAddress}/32`, "dev", "eth0"]);
    await inMember("ip", ["route", "add", "default", "via", gatewayAddress]);
  }

  private startAgent(namespace: string): ChildProcess {
    const program = ["-r", "tsx/cjs", join(__dirname, "agent.ts"), JSON.stringify(this.ports)];
    return spawn("ip", ["netns", "exec", namespace, process.execPath, ...program], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
  }

  /** The name of the member that has this address. */
  memberAt(address: string): string {
    const found = [...this.members].find(([, member]) => member.addresses.includes(address));
    if (found === undefined) {
      throw new Error(`nobody has the address ${address}`);
    }
    return found[0];
  }

  /** Whether a new connection from a member, with its first address unless another is given, gets an answer. */
  connects(name: string, attempt: Omit<Attempt, "id" | "from"> & { from?: string }): Promise<boolean> {
    const member = this.members.get(name);
    if (member === undefined) {
      throw new Error(`no member ${name}`);
    }
    const id = (this.lastId += 1);
    return new Promise((resolve) => {
      this.answers.set(id, resolve);
      member.agent.send({ from: member.addresses[0] ?? "", ...attempt, id });
    });
  }

  async close(): Promise<void> {
    for (const { namespace, agent } of this.members.values()) {
      agent.kill("SIGKILL");
      await once(agent, "close");
      await runCommand("ip", ["netns", "delete", namespace]);
    }
  }
}
