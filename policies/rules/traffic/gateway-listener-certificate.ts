import type { ResourceRule } from "../../model/rule";

export const gatewayListenerCertificate: ResourceRule = {
  id: "gateway-listener-certificate",
  title: "Listeners that end TLS name a certificate",
  severity: "high",
  description:
    "Without `certificateRefs` an HTTPS listener never becomes ready; with mode Passthrough it passes what it cannot see.",
  remediation: 'tls: { mode: "Terminate", certificateRefs: [{ name: secret.metadata.name }] }',
  types: ["kubernetes:gateway.networking.k8s.io/*:Gateway"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    for (const listener of subject.fields.get("spec", "listeners").items()) {
      verdict.judge(subject, () => {
        const protocol = listener.get("protocol").string();
        const passthrough = listener.get("tls", "mode").string() === "Passthrough";
        if (protocol !== "HTTPS" && (protocol !== "TLS" || passthrough)) return;
        // Implementations may take a certificate by `tls.options` instead (Gateway API, ListenerTLSConfig).
        const { length } = listener.get("tls", "certificateRefs").items();
        if (length > 0 || listener.get("tls", "options").entries().length > 0) return;
        verdict.fail(subject, `must name a certificate in listener \`${listener.get("name").show()}\`.`);
      });
    }
  },
};
