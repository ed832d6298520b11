import type { ResourceRule } from "../../model/rule";

const ENCRYPTED = ["HTTPS", "TLS"];

export const gatewayListenerTls: ResourceRule = {
  id: "gateway-listener-tls",
  title: "Gateway listeners accept TLS only",
  severity: "critical",
  description:
    "On a listener of protocol HTTP, TCP or UDP tokens and inputs cross the network in plain text.",
  remediation:
    'listeners: [{ name: "https", port: 443, protocol: "HTTPS", tls: { certificateRefs: [{ name }] } }]',
  types: ["kubernetes:gateway.networking.k8s.io/*:Gateway"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    for (const listener of subject.fields.get("spec", "listeners").items()) {
      verdict.judge(subject, () => {
        const protocol = listener.get("protocol");
        if (ENCRYPTED.includes(protocol.string() ?? "")) return;
        verdict.fail(
          subject,
          `must use protocol HTTPS or TLS, not ${protocol.show()}, in listener \`${listener.get("name").show()}\`.`,
        );
      });
    }
  },
};
