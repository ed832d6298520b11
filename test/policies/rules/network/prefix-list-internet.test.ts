import { UNKNOWN } from "../../../../policies/testing";
import { prefixListInternet } from "../../../../policies/rules/network/prefix-list-internet";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const LIST = "aws:ec2/managedPrefixList:ManagedPrefixList";

describeRule(prefixListInternet, {
  good: { office: put("list", LIST, { entries: [{ cidr: "203.0.113.0/24" }] }) },
  bad: {
    list: put("list", LIST, { entries: [{ cidr: "0.0.0.0/0" }] }),
    "an entry of its own": put("entry", "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry", {
      prefixListId: "pl-1",
      cidr: "::/0",
    }),
  },
  partial: {
    "in two halves": put("list", LIST, {
      entries: [{ cidr: "203.0.113.0/24" }, { cidr: "0.0.0.0/1" }, { cidr: "128.0.0.0/1" }],
    }),
  },
  wrongType: { "one entry, not a list": put("list", LIST, { entries: { cidr: "0.0.0.0/0" } }) },
  unknown: { entries: put("list", LIST, { entries: UNKNOWN }) },
});
