import type { ResourceRule } from "../../model/rule";

export const serviceNodePort: ResourceRule = {
  id: "service-node-port",
  title: "Services open no port on the nodes",
  severity: "low",
  description: "A node port is open on every node and cannot be limited to sources.",
  remediation: 'spec: { type: "ClusterIP" } // and a route of the gateway',
  types: ["kubernetes:core/*:Service"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    if (subject.fields.get("spec", "type").string() === "NodePort")
      verdict.fail(subject, "opens a port on every node.");
  },
};
