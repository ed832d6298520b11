import { LISTENER_TYPES, listenerSets } from "../../model/listeners";
import { onlyRedirectsToTls, picksListener, routesByParent } from "../../model/redirects";
import type { StackRule } from "../../model/rule";
import { kubernetesKind, nameOf, namespaceOf } from "../../model/subject";

const ENCRYPTED = ["HTTPS", "TLS"];

export const gatewayListenerTls: StackRule = {
  id: "gateway-listener-tls",
  title: "Gateway listeners accept TLS only",
  severity: "critical",
  description:
    "On a listener of protocol HTTP, TCP or UDP tokens and inputs cross the network in plain text. An HTTP listener whose routes all redirect to HTTPS is no fault.",
  remediation:
    'listeners: [{ name: "https", port: 443, protocol: "HTTPS", tls: { certificateRefs: [{ name }] } }]',
  types: LISTENER_TYPES,
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const { byParent, open } = routesByParent(stack);
    const gateways = stack.ofKind("gateway.networking.k8s.io", "Gateway");
    for (const gateway of [...gateways, ...listenerSets(stack)]) {
      const kind = kubernetesKind(gateway.type)?.kind;
      verdict.judge(gateway, () => {
        for (const listener of gateway.fields.get("spec", "listeners").items()) {
          verdict.judge(gateway, () => {
            const protocol = listener.get("protocol");
            if (ENCRYPTED.includes(protocol.string() ?? "")) return;
            if (protocol.string() === "HTTP") {
              const routes = (
                byParent.get(`${kind}/${namespaceOf(gateway)}/${nameOf(gateway)}`) ?? []
              ).filter(({ parent }) => picksListener(parent, listener));
              const redirects = routes.every(({ route }) => onlyRedirectsToTls(route));
              if (redirects && routes.length > 0 && open.length === 0) return;
              if (redirects && open.length > 0)
                return verdict.indeterminate(gateway, "may serve a route whose parents are not known yet.");
            }
            verdict.fail(
              gateway,
              `must use protocol HTTPS or TLS, not ${protocol.show()}, in listener \`${listener.get("name").show()}\`.`,
            );
          });
        }
      });
    }
  },
};
