import { podHostAliases } from "../../../../policies/rules/pods/pod-host-aliases";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { pod, set } from "../../support/edits";

describeRule(podHostAliases, {
  good: { none: set("deployment", pod("hostAliases"), []) },
  bad: { one: set("deployment", pod("hostAliases"), [{ ip: "10.9.8.7", hostnames: ["db.example"] }]) },
  partial: { "an address without names": set("deployment", pod("hostAliases"), [{ ip: "10.9.8.7" }]) },
  wrongType: { texts: set("deployment", pod("hostAliases"), ["10.9.8.7 db.example"]) },
  unknown: { aliases: set("deployment", pod("hostAliases"), UNKNOWN) },
});
