import { inputRule } from "../../model/input-rule";

export const gatewayAllowedListeners = inputRule(
  {
    id: "gateway-allowed-listeners",
    title: "Gateways choose whose listeners they take",
    severity: "medium",
    description:
      "With `from: All` whoever may write a ListenerSet in any namespace opens ports and host names of the shared gateway, with a certificate of his own or with none.",
    remediation:
      'allowedListeners: { namespaces: { from: "Selector", selector: { matchLabels: { listeners: "yes" } } } }',
    types: ["kubernetes:gateway.networking.k8s.io/*:Gateway"],
    controls: [],
  },
  (gateway) =>
    gateway.get("spec", "allowedListeners", "namespaces", "from").string() === "All"
      ? "must not take listeners of all namespaces."
      : undefined,
);
