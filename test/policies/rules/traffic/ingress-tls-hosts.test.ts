import { ingressTlsHosts } from "../../../../policies/rules/traffic/ingress-tls-hosts";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const rules = (...hosts: unknown[]) =>
  set(
    "ingress",
    "spec.rules",
    hosts.map((host) => ({ host })),
  );
const hosts = (value: unknown) => set("ingress", "spec.tls.0.hosts", value);

describeRule(ingressTlsHosts, {
  good: {
    "the same host": rules("old.example"),
    "a wildcard": [hosts(["*.example"]), rules("old.example", "new.example")],
    "an entry for every host": [set("ingress", "spec.tls.0.hosts", undefined), rules("any.example")],
  },
  bad: {
    "another host": rules("other.example"),
    "a wildcard stands for one label": [hosts(["*.example"]), rules("a.b.example")],
  },
  notJudged: { "no host": rules(undefined) },
  partial: { "one host of two": rules("old.example", "other.example") },
  wrongType: { "a list that is a text": [hosts([7]), rules("old.example")] },
  unknown: { hosts: [hosts([UNKNOWN]), rules("old.example")], host: rules(UNKNOWN) },
});
