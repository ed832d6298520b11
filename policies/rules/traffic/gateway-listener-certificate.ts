import { listenerRule } from "../../model/listeners";

export const gatewayListenerCertificate = listenerRule(
  {
    id: "gateway-listener-certificate",
    title: "Listeners that end TLS name a certificate",
    severity: "high",
    description:
      "Without `certificateRefs` an HTTPS listener never becomes ready; with mode Passthrough it passes what it cannot see.",
    remediation: 'tls: { mode: "Terminate", certificateRefs: [{ name: secret.metadata.name }] }',
    controls: [],
  },
  (listener) => {
    const protocol = listener.get("protocol").string();
    const passthrough = listener.get("tls", "mode").string() === "Passthrough";
    if (protocol !== "HTTPS" && (protocol !== "TLS" || passthrough)) return undefined;
    // Implementations may take a certificate by `tls.options` instead (Gateway API, ListenerTLSConfig).
    const { length } = listener.get("tls", "certificateRefs").items();
    if (length > 0 || listener.get("tls", "options").entries().length > 0) return undefined;
    return "must name a certificate";
  },
);
