import { listenerRule } from "../../model/listeners";

const ENCRYPTED = ["HTTPS", "TLS"];

export const gatewayListenerTls = listenerRule(
  {
    id: "gateway-listener-tls",
    title: "Gateway listeners accept TLS only",
    severity: "critical",
    description:
      "On a listener of protocol HTTP, TCP or UDP tokens and inputs cross the network in plain text.",
    remediation:
      'listeners: [{ name: "https", port: 443, protocol: "HTTPS", tls: { certificateRefs: [{ name }] } }]',
    controls: [],
  },
  (listener) => {
    const protocol = listener.get("protocol");
    if (ENCRYPTED.includes(protocol.string() ?? "")) return undefined;
    return `must use protocol HTTPS or TLS, not ${protocol.show()},`;
  },
);
