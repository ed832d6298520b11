import type { ResourceRule } from "../../model/rule";

export const serviceExternalIps: ResourceRule = {
  id: "service-external-ips",
  title: "Services claim no external addresses",
  severity: "high",
  description:
    "With `externalIPs` a Service can take over traffic to any address that passes a node (CVE-2020-8554).",
  remediation: 'spec: { type: "ClusterIP" } // without externalIPs',
  types: ["kubernetes:core/*:Service"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    if (subject.fields.get("spec", "externalIPs").items().length > 0)
      verdict.fail(subject, "must not set `externalIPs`.");
  },
};
