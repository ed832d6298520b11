import { isInternet } from "./cidr";
import type { Field } from "./field";
import type { ResourceRule, RuleMetadata } from "./rule";
import { eachRule } from "./input-rule";
import { oneOrMany } from "./one-or-many";
import { asNumber, asText } from "./scalars";
import type { Subject } from "./subject";
import { UnknownRead } from "./unknown";

/** Every way of @pulumi/aws to write down what a security group lets through. */
export const SECURITY_GROUP_TYPES = [
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  "aws:ec2/securityGroupRule:SecurityGroupRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
];

type Direction = "ingress" | "egress";

/** What one entry lets through, in whichever way it is written. */
export interface Opening {
  readonly path: string;
  readonly protocol: Field;
  readonly from: Field;
  readonly to: Field;
  /** Where traffic may come from or go to, as CIDR ranges. */
  readonly ranges: readonly Field[];
}

/** Ports by which a machine is administered: SSH, Telnet, RDP and WinRM. */
const ADMINISTRATION = [22, 23, 3389, 5985, 5986];

/**
 * Ports of databases, queues, caches, dashboards and control planes, which know no stranger: those that AWS' EC2.19 calls high risk,
 * and etcd, kubelet, Kafka, Redis, memcached, MongoDB, Oracle, Redshift, NFS and ZooKeeper.
 */
const INTERNAL = [
  20, 21, 25, 110, 135, 143, 445, 1433, 1434, 1521, 2049, 2181, 2379, 2380, 3000, 3306, 4333, 5000, 5432,
  5439, 5500, 5601, 6379, 6380, 8088, 8888, 9090, 9092, 9094, 9096, 9098, 9200, 9300, 10250, 11211, 27017,
  27018, 27019,
];

const WEB = [80, 443];
const LAST_PORT = 65535;

/** The most telling name for what an opening to the internet exposes; each opening has one. */
export type Exposure = "everything" | "administration" | "internal" | "other" | "web";

/** @throws UnknownRead where entries as a whole are not known */
export function openings(subject: Subject, direction: Direction): Opening[] {
  const { type, fields } = subject;
  if (type.startsWith("aws:vpc/")) {
    const kind = type.endsWith("IngressRule") ? "ingress" : "egress";
    if (kind !== direction) return [];
    return [opening(fields, fields.get("ipProtocol"), [fields.get("cidrIpv4"), fields.get("cidrIpv6")])];
  }
  if (type.endsWith(":SecurityGroupRule")) {
    return fields.get("type").string() === direction ? [listed(fields)] : [];
  }
  return oneOrMany(fields.get(direction)).map(listed);
}

function opening(entry: Field, protocol: Field, ranges: readonly Field[]): Opening {
  return { path: entry.path, protocol, from: entry.get("fromPort"), to: entry.get("toPort"), ranges };
}

function listed(entry: Field): Opening {
  const ranges = [entry.get("cidrBlocks"), entry.get("ipv6CidrBlocks")];
  return opening(
    entry,
    entry.get("protocol"),
    ranges.flatMap((list) => (list.isUnknown ? [list] : oneOrMany(list))),
  );
}

/** Whether an opening is to the whole internet; a known wide range says so even beside an unknown one. @throws UnknownRead */
export function isOpenToInternet({ ranges }: Opening): boolean {
  const wide = (range: Field): boolean => isInternet(range.string() ?? "");
  return ranges.some((range) => !range.isUnknown && wide(range)) || ranges.some(wide);
}

interface Ports {
  readonly from: number;
  readonly to: number;
}

/** The ports of an opening; undefined for protocols without any. @throws UnknownRead */
function portsOf({ protocol, from, to }: Opening): Ports | undefined {
  const name = asText(protocol).toLowerCase();
  if (["-1", "all", ""].includes(name)) return { from: 0, to: LAST_PORT };
  if (!["tcp", "udp", "6", "17", "sctp", "132"].includes(name)) return undefined;
  const ports = { from: asNumber(from), to: asNumber(to) };
  // Left out or -1 means any port.
  return ports.from >= 0 && ports.to >= 0 ? ports : { from: 0, to: LAST_PORT };
}

function exposureOf({ from, to }: Ports): Exposure {
  const covers = (port: number): boolean => from <= port && port <= to;
  if (from <= 1 && to >= LAST_PORT) return "everything";
  if (ADMINISTRATION.some(covers)) return "administration";
  if (INTERNAL.some(covers)) return "internal";
  return from === to && WEB.includes(from) ? "web" : "other";
}

/** Whether an opening exposes this to the internet. What is not known matters only where the rest leaves it open. @throws UnknownRead */
function exposes(opened: Opening, exposure: Exposure): boolean {
  let ports: Ports | undefined;
  try {
    ports = portsOf(opened);
  } catch (error) {
    if (!(error instanceof UnknownRead) || isOpenToInternet(opened)) throw error;
    return false;
  }
  return ports !== undefined && exposureOf(ports) === exposure && isOpenToInternet(opened);
}

/** A rule about openings of one direction that expose something of one kind to the internet. */
export function exposureRule(
  metadata: Omit<RuleMetadata, "types">,
  direction: Direction,
  exposure: Exposure,
  problem: (ports: string) => string,
): ResourceRule {
  return eachRule(
    { ...metadata, types: typesOf(direction) },
    (_, subject) => openings(subject, direction),
    (opened) => (exposes(opened, exposure) ? problem(portText(opened)) : undefined),
  );
}

function typesOf(direction: Direction): readonly string[] {
  const other = direction === "ingress" ? "EgressRule" : "IngressRule";
  return SECURITY_GROUP_TYPES.filter((type) => !type.endsWith(other));
}

function portText({ from, to }: Opening): string {
  return from.show() === to.show() ? `port ${from.show()}` : `ports ${from.show()}-${to.show()}`;
}
