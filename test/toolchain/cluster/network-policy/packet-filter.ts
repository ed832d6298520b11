import { contains, parseCidr } from "../../../../toolchain/cluster/network-policy/addresses";
import {
  ipsetRestore,
  iptablesRestore,
  type Ruleset,
} from "../../../../toolchain/cluster/network-policy/ruleset";
import type { Flow } from "../../../../toolchain/cluster/network-policy/simulator";
import { pods } from "./cluster-state";

/** The first packet of a new connection. */
export interface Packet {
  readonly src: string;
  readonly dst: string;
  readonly protocol: "tcp" | "udp" | "sctp";
  readonly port: number;
}

/** The packet that a flow begins with, between the pods of these tests. */
export function packetOf(flow: Flow): Packet {
  const address = (end: Flow["from"]) =>
    typeof end === "string"
      ? (pods.find((each) => `${each.metadata?.namespace}/${each.metadata?.name}` === end)?.status?.podIP ??
        "")
      : end.ip;
  const protocol = (flow.protocol ?? "TCP").toLowerCase() as Packet["protocol"];
  return { src: address(flow.from), dst: address(flow.to), protocol, port: flow.port };
}

type Sets = Map<string, { type: string; entries: string[] }>;

/**
 * A model of the kernel for the few matches that the engine writes: reads the very text that `ipset restore` and
 * `iptables-restore` get, and says whether the packet comes through.
 */
export function passes(ruleset: Ruleset, packet: Packet): boolean {
  const sets = readSets(ipsetRestore(ruleset.ipsets));
  const chains = readChains(iptablesRestore(ruleset.rules));
  return walk("SLIPWAY-NP", chains, sets, packet) !== "DROP";
}

function readSets(text: string): Sets {
  const sets: Sets = new Map();
  for (const [verb, name = "", ...rest] of text
    .trim()
    .split("\n")
    .map((line) => line.split(" "))) {
    if (verb === "create") {
      sets.set(name, { type: rest[0] ?? "", entries: [] });
    } else if (verb === "add") {
      sets.get(name)?.entries.push(rest.join(" "));
    }
  }
  return sets;
}

function readChains(text: string): Map<string, string[]> {
  const chains = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    if (line.startsWith(":")) {
      chains.set(line.slice(1).split(" ")[0] ?? "", []);
    } else if (line.startsWith("-A ")) {
      const [, chain = "", rest = ""] = /^-A (\S+) (.*)$/.exec(line) ?? [];
      chains.get(chain)?.push(rest);
    }
  }
  return chains;
}

function walk(chain: string, chains: Map<string, string[]>, sets: Sets, packet: Packet): string {
  for (const rule of chains.get(chain) ?? []) {
    const [, conditions = "", target = ""] = /^(.*?) ?-j (\S+)$/.exec(rule) ?? [];
    if (!matches(conditions.trim(), sets, packet)) {
      continue;
    }
    if (target === "RETURN") {
      return "RETURN";
    }
    if (target === "DROP" || walk(target, chains, sets, packet) === "DROP") {
      return "DROP";
    }
  }
  return "RETURN";
}

/** Eats one condition after the other; anything that this model does not know is an error of the test. */
function matches(conditions: string, sets: Sets, packet: Packet): boolean {
  let rest = conditions;
  let result = true;
  const eat = (pattern: RegExp, test: (...groups: string[]) => boolean) => {
    const found = pattern.exec(rest);
    if (found !== null) {
      rest = rest.slice(found[0].length).trimStart();
      result &&= test(...found.slice(1).map((group) => group ?? ""));
    }
    return found !== null;
  };
  while (rest !== "") {
    const isKnown =
      eat(/^-m conntrack --ctstate RELATED,ESTABLISHED/, () => false) ||
      eat(/^-m comment --comment "[^"]*"/, () => true) ||
      eat(/^-m set --match-set (\S+) (\S+)/, (name = "", fields = "") => inSet(sets, name, fields, packet)) ||
      eat(/^-s (\S+)\/32 -d (\S+)\/32/, (src, dst) => src === packet.src && dst === packet.dst) ||
      eat(/^-p (\S+)/, (protocol) => protocol === packet.protocol) ||
      eat(/^-m (?:tcp|udp|sctp) --dport (\d+)(?::(\d+))?/, (first, last) => {
        return packet.port >= Number(first) && packet.port <= Number(last === "" ? first : last);
      });
    if (!isKnown) {
      throw new Error(`unknown match: ${rest}`);
    }
  }
  return result;
}

function inSet(sets: Sets, name: string, fields: string, packet: Packet): boolean {
  const set = sets.get(name);
  if (set === undefined) {
    throw new Error(`no set ${name}`);
  }
  const one = fields === "src" ? packet.src : packet.dst;
  switch (set.type) {
    case "hash:ip":
      return set.entries.includes(one);
    case "hash:ip,port":
      return set.entries.includes(`${packet.dst},${packet.protocol}:${packet.port}`);
    default:
      return mostSpecific(set.entries, one);
  }
}

/** As in the kernel the longest prefix decides, and `nomatch` makes it decide against. */
function mostSpecific(entries: readonly string[], address: string): boolean {
  const wanted = parseCidr(address);
  const found = entries
    .map((entry) => ({ cidr: parseCidr(entry.split(" ")[0] ?? ""), isException: entry.endsWith(" nomatch") }))
    .filter(({ cidr }) => cidr !== undefined && wanted !== undefined && contains(cidr, wanted))
    .sort((a, b) => (b.cidr?.prefix ?? 0) - (a.cidr?.prefix ?? 0));
  return found[0] !== undefined && !found[0].isException;
}
