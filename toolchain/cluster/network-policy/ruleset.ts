import { createHash } from "node:crypto";
import type { Protocol } from "./objects";

/** Everything of this engine in the kernel carries this prefix: chains and address sets. */
export const prefix = "SLIPWAY-NP";
export const chains = {
  entry: prefix,
  egress: `${prefix}-EGRESS`,
  ingress: `${prefix}-INGRESS`,
} as const;

/** An address set. Its name is a digest of its content, so a set that rules refer to is never changed. */
export interface IpSet {
  readonly name: string;
  readonly type: "hash:ip" | "hash:net" | "hash:ip,port";
  readonly entries: readonly string[];
}

export type Match =
  | { readonly kind: "established" }
  | { readonly kind: "set"; readonly set: string; readonly fields: "src" | "dst" | "dst,dst" }
  | { readonly kind: "loop"; readonly address: string }
  | {
      readonly kind: "port";
      readonly protocol: Protocol;
      /** Without it: every port of the protocol. */
      readonly port?: number;
      readonly endPort?: number;
    };

export interface Rule {
  readonly chain: string;
  readonly matches: readonly Match[];
  /** `RETURN` lets the packet go on, `DROP` ends it, a chain of ours examines it. */
  readonly target: string;
  /** The policy that the rule comes from, for whoever reads `iptables -t mangle -S`. */
  readonly comment?: string;
}

/** What the kernel is to hold: the address sets and the rules that refer to them. */
export interface Ruleset {
  readonly ipsets: readonly IpSet[];
  readonly rules: readonly Rule[];
}

/** Makes a set whose name follows from its type and entries, whatever their order. */
export function ipSet(type: IpSet["type"], entries: Iterable<string>): IpSet {
  const sorted = [...new Set(entries)].sort();
  const digest = createHash("sha256")
    .update(`${type}\n${sorted.join("\n")}`)
    .digest("hex");
  // The kernel allows 31 characters.
  return { name: `${prefix}-${digest.slice(0, 16)}`, type, entries: sorted };
}

/** Input of `ipset restore -exist`. */
export function ipsetRestore(ipsets: readonly IpSet[]): string {
  return ipsets
    .flatMap(({ name, type, entries }) => [
      `create ${name} ${type} family inet maxelem ${Math.max(65536, entries.length)}`,
      ...entries.map((entry) => `add ${name} ${entry}`),
    ])
    .map((line) => `${line}\n`)
    .join("");
}

/**
 * Input of `iptables-restore --noflush`: naming a chain empties it, so the new rules replace the old ones in one
 * transaction. The `mangle` table because packets pass it before `filter`, where kube-proxy accepts what it forwards.
 */
export function iptablesRestore(rules: readonly Rule[]): string {
  const declared = Object.values(chains).map((chain) => `:${chain} - [0:0]`);
  return ["*mangle", ...declared, ...rules.map(ruleText), "COMMIT", ""].join("\n");
}

function ruleText({ chain, matches, target, comment }: Rule): string {
  return [`-A ${chain}`, ...matches.map(matchText), ...commentText(comment), `-j ${target}`].join(" ");
}

function commentText(comment: string | undefined): string[] {
  // Names of Kubernetes objects need no quoting; 256 is the kernel's limit, its final zero included.
  return comment === undefined ? [] : [`-m comment --comment "${comment.slice(0, 255)}"`];
}

function matchText(match: Match): string {
  switch (match.kind) {
    case "established":
      return "-m conntrack --ctstate RELATED,ESTABLISHED";
    case "set":
      return `-m set --match-set ${match.set} ${match.fields}`;
    case "loop":
      return `-s ${match.address}/32 -d ${match.address}/32`;
    case "port": {
      const protocol = match.protocol.toLowerCase();
      if (match.port === undefined) {
        return `-p ${protocol}`;
      }
      const range = match.endPort === undefined ? `${match.port}` : `${match.port}:${match.endPort}`;
      return `-p ${protocol} -m ${protocol} --dport ${range}`;
    }
  }
}
