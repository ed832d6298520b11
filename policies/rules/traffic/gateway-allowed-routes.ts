import { listenerRule } from "../../model/listeners";

export const gatewayAllowedRoutes = listenerRule(
  {
    id: "gateway-allowed-routes",
    title: "Gateways choose whose routes they take",
    severity: "medium",
    description:
      "With `from: All` whoever may write a route in any namespace can take a path of the shared host for himself, tokens of its callers included.",
    remediation:
      'allowedRoutes: { namespaces: { from: "Selector", selector: { matchLabels: { exposed: "yes" } } } }',
    controls: [],
  },
  (listener) =>
    listener.get("allowedRoutes", "namespaces", "from").string() === "All"
      ? "must not take routes of all namespaces"
      : undefined,
);
