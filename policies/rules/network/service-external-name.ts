import type { ResourceRule } from "../../model/rule";

export const serviceExternalName: ResourceRule = {
  id: "service-external-name",
  title: "Services stand for pods of the cluster",
  severity: "medium",
  description:
    "A Service of type ExternalName is an alias in DNS for any host: a route to it makes the gateway call that host, inside or outside, and no NetworkPolicy names it.",
  remediation:
    "new Backend(name, { spec: { endpoints: [{ fqdn: { hostname, port: 443 } }], tls } }) // of Envoy Gateway",
  types: ["kubernetes:core/*:Service"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const spec = subject.fields.get("spec");
    if (spec.get("type").string() === "ExternalName") {
      verdict.fail(subject, `must not be an alias of \`${spec.get("externalName").show()}\`.`);
    }
  },
};
