import type { ResourceRule } from "../../model/rule";

// Auto is Envoy's own choice: 1.2 at least on the server side.
const ACCEPTED = ["1.2", "1.3", "Auto"];

export const gatewayMinimumTlsVersion: ResourceRule = {
  id: "gateway-minimum-tls-version",
  title: "The gateway speaks TLS 1.2 or newer",
  severity: "high",
  description:
    "TLS 1.0 and 1.1 are withdrawn (RFC 8996). Envoy Gateway's own default, used where nothing is set, is 1.2.",
  remediation: 'spec: { tls: { minVersion: "1.2" } } // or leave it out',
  types: ["kubernetes:gateway.envoyproxy.io/*:ClientTrafficPolicy"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    for (const bound of ["minVersion", "maxVersion"]) {
      const version = subject.fields.get("spec", "tls", bound);
      if (version.exists() && !ACCEPTED.includes(version.string() ?? "")) {
        verdict.fail(subject, `must set \`${version.path}\` 1.2 or 1.3, not ${version.show()}.`);
      }
    }
  },
};
