import type { Field } from "../../model/field";
import { isInternet } from "../../model/cidr";
import { eachRule } from "../../model/input-rule";
import { oneOrMany } from "../../model/one-or-many";

export const prefixListInternet = eachRule<Field>(
  {
    id: "prefix-list-internet",
    title: "Prefix lists do not stand for the whole internet",
    severity: "medium",
    description: "A security group that names such a list looks closed, and is open.",
    remediation: 'entries: [{ cidr: "203.0.113.0/24", description: "office" }]',
    types: [
      "aws:ec2/managedPrefixList:ManagedPrefixList",
      "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry",
    ],
    controls: [],
  },
  (fields) => [fields.get("cidr"), ...oneOrMany(fields.get("entries")).map((entry) => entry.get("cidr"))],
  (cidr) =>
    isInternet(cidr.string() ?? "") ? `must not hold ${cidr.show()}: name the networks.` : undefined,
);
