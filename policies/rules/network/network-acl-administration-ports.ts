import { awsControls } from "../../model/aws-controls";
import { isInternet } from "../../model/cidr";
import type { Field } from "../../model/field";
import { eachRule } from "../../model/input-rule";
import { asNumber, asText } from "../../model/scalars";

interface Entry {
  readonly action: Field;
  readonly ranges: readonly Field[];
  readonly protocol: Field;
  readonly from: Field;
  readonly to: Field;
}

const PORTS = [22, 3389];

/** TCP and "all". */
const PROTOCOLS = new Set(["6", "tcp", "-1", "all"]);

function entry(fields: Field, action: string): Entry {
  return {
    action: fields.get(action),
    ranges: [fields.get("cidrBlock"), fields.get("ipv6CidrBlock")],
    protocol: fields.get("protocol"),
    from: fields.get("fromPort"),
    to: fields.get("toPort"),
  };
}

function exposes({ action, ranges, protocol, from, to }: Entry): boolean {
  if (asText(action).toLowerCase() !== "allow") return false;
  if (!ranges.some((range) => isInternet(range.string() ?? ""))) return false;
  const name = asText(protocol).toLowerCase();
  if (!PROTOCOLS.has(name)) return false;
  if (name === "-1" || name === "all") return true;
  const [low, high] = [asNumber(from), asNumber(to)];
  return PORTS.some((port) => low <= port && port <= high);
}

export const networkAclAdministrationPorts = eachRule<Entry>(
  {
    id: "network-acl-administration-ports",
    title: "Network ACLs keep SSH and RDP from the internet",
    severity: "medium",
    description:
      "An ACL is the second line behind security groups; open to SSH and RDP from everywhere it is none.",
    remediation:
      'ingress: [{ ruleNo: 100, action: "allow", protocol: "6", fromPort: 443, toPort: 443, cidrBlock: "0.0.0.0/0" }]',
    types: [
      "aws:ec2/networkAcl:NetworkAcl",
      "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
      "aws:ec2/networkAclRule:NetworkAclRule",
    ],
    controls: awsControls(
      "ec2_networkacl_allow_ingress_tcp_port_22",
      "ec2_networkacl_allow_ingress_tcp_port_3389",
    ),
  },
  (fields, { type }) => {
    if (!type.endsWith(":NetworkAclRule")) {
      return fields
        .get("ingress")
        .items()
        .map((item) => entry(item, "action"));
    }
    return fields.get("egress").isTrue() ? [] : [entry(fields, "ruleAction")];
  },
  (item) =>
    exposes(item)
      ? "must not allow ports 22 and 3389 from the whole internet: name the sources, or deny both ports in an entry of its own."
      : undefined,
);
