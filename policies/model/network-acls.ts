import { coversRange } from "./cidr-cover";
import type { Field } from "./field";
import { oneOrMany } from "./one-or-many";
import { asNumber, asText } from "./scalars";
import type { StackView } from "./stack-view";
import type { Subject } from "./subject";
import { UnknownRead } from "./unknown";

export const ACL_TYPES = ["aws:ec2/networkAcl:NetworkAcl", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"];
export const ACL_RULE_TYPE = "aws:ec2/networkAclRule:NetworkAclRule";

/** One numbered entry of an ACL for what comes in, inline or a resource of its own. */
export interface AclEntry {
  readonly subject: Subject;
  readonly number: Field;
  readonly action: Field;
  readonly ranges: readonly Field[];
  readonly protocol: Field;
  readonly from: Field;
  readonly to: Field;
}

function entry(subject: Subject, fields: Field, number: string, action: string): AclEntry {
  return {
    subject,
    number: fields.get(number),
    action: fields.get(action),
    ranges: [fields.get("cidrBlock"), fields.get("ipv6CidrBlock")],
    protocol: fields.get("protocol"),
    from: fields.get("fromPort"),
    to: fields.get("toPort"),
  };
}

/** What names the ACL of a rule: the resource it comes from, else its ID; undefined where neither is known. */
function aclOf(rule: Subject, acls: ReadonlyMap<string, string>): string | undefined {
  const source = rule.dependencies?.["networkAclId"]?.find((urn) => [...acls.values()].includes(urn));
  const id = rule.fields.get("networkAclId");
  return source ?? (id.isUnknown ? undefined : (acls.get(asText(id)) ?? asText(id)));
}

/** The entries of every ACL; those of an ACL that is not known stand alone. @throws nothing: each entry is read later */
export function aclsOf(stack: StackView): AclEntry[][] {
  const acls = stack.ofTypes(ACL_TYPES);
  const ids = new Map(
    acls.map(({ fields, urn }) => {
      const id = fields.get("id");
      return [id.isUnknown ? urn : (id.string() ?? urn), urn];
    }),
  );
  const groups = new Map<string, AclEntry[]>(acls.map(({ urn }) => [urn, []]));
  for (const acl of acls) {
    const ingress = acl.fields.get("ingress");
    // An unknown list is one entry of which nothing is known.
    const items = ingress.isUnknown ? [ingress] : oneOrMany(ingress);
    groups.get(acl.urn)!.push(...items.map((item) => entry(acl, item, "ruleNo", "action")));
  }
  for (const rule of stack.ofTypes([ACL_RULE_TYPE])) {
    const egress = rule.fields.get("egress");
    if (!egress.isUnknown && egress.isTrue()) continue;
    const key = aclOf(rule, ids) ?? rule.urn;
    const own = groups.get(key) ?? [];
    groups.set(key, [...own, entry(rule, rule.fields, "ruleNumber", "ruleAction")]);
  }
  return [...groups.values()];
}

const TCP = new Set(["6", "tcp"]);
const ALL = new Set(["-1", "all"]);

/** Whether an entry is about a port of TCP. @throws UnknownRead */
export function isAboutPort({ protocol, from, to }: AclEntry, port: number): boolean {
  const name = asText(protocol).toLowerCase();
  if (ALL.has(name)) return true;
  return TCP.has(name) && asNumber(from) <= port && port <= asNumber(to);
}

/** @throws UnknownRead */
export const isAllow = ({ action }: AclEntry): boolean => asText(action).toLowerCase() === "allow";

/** @throws UnknownRead */
export const rangesOf = ({ ranges }: AclEntry): string[] => ranges.flatMap((range) => range.string() ?? []);

/**
 * Whether an earlier entry of the ACL denies what this one allows: AWS takes the entry of the lowest number that matches.
 * @throws UnknownRead where no entry surely does and one of which too little is known might
 */
export function isDeniedBefore(
  allow: AclEntry,
  entries: readonly AclEntry[],
  range: string,
  port: number,
): boolean {
  let open: UnknownRead | undefined;
  for (const deny of entries) {
    if (deny === allow) continue;
    try {
      const denies =
        asText(deny.action).toLowerCase() === "deny" &&
        rangesOf(deny).some((wide) => coversRange(wide, range)) &&
        isAboutPort(deny, port) &&
        asNumber(deny.number) < asNumber(allow.number);
      if (denies) return true;
    } catch (error) {
      if (!(error instanceof UnknownRead)) throw error;
      open = error;
    }
  }
  if (open) throw open;
  return false;
}
