import { awsControls } from "../../model/aws-controls";
import { isInternet } from "../../model/cidr";
import {
  ACL_RULE_TYPE,
  ACL_TYPES,
  type AclEntry,
  aclsOf,
  isAboutPort,
  isAllow,
  isDeniedBefore,
  rangesOf,
} from "../../model/network-acls";
import type { StackRule } from "../../model/rule";

const PORTS = [22, 3389];

/** @throws UnknownRead */
function exposes(entry: AclEntry, entries: readonly AclEntry[]): boolean {
  if (!isAllow(entry)) return false;
  const open = rangesOf(entry).filter(isInternet);
  if (open.length === 0) return false;
  const ports = PORTS.filter((port) => isAboutPort(entry, port));
  return ports.some((port) => open.some((range) => !isDeniedBefore(entry, entries, range, port)));
}

export const networkAclAdministrationPorts: StackRule = {
  id: "network-acl-administration-ports",
  title: "Network ACLs keep SSH and RDP from the internet",
  severity: "medium",
  description:
    "An ACL is the second line behind security groups; open to SSH and RDP from everywhere it is none. Entries hold in the order of their numbers: one that denies both ports may stand before one that allows more.",
  remediation:
    'ingress: [{ ruleNo: 100, action: "allow", protocol: "6", fromPort: 443, toPort: 443, cidrBlock: "0.0.0.0/0" }]',
  types: [...ACL_TYPES, ACL_RULE_TYPE],
  controls: awsControls(
    "ec2_networkacl_allow_ingress_tcp_port_22",
    "ec2_networkacl_allow_ingress_tcp_port_3389",
  ),
  scope: "stack",
  check(stack, verdict) {
    for (const entries of aclsOf(stack))
      for (const entry of entries)
        verdict.judge(entry.subject, () => {
          if (exposes(entry, entries))
            verdict.fail(
              entry.subject,
              "must not allow ports 22 and 3389 from the whole internet: name the sources, or deny both ports in an entry of a lower number.",
            );
        });
  },
};
