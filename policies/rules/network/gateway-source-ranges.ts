import { isInternet } from "../../model/cidr";
import { inputRule } from "../../model/input-rule";

export const gatewaySourceRanges = inputRule(
  {
    id: "gateway-source-ranges",
    title: "The gateway admits some sources, not the internet",
    severity: "medium",
    description:
      "Ranges add up: `0.0.0.0/0` beside the offices' own admits everybody, and looks like a restriction.",
    remediation: 'envoyService: { type: "LoadBalancer", loadBalancerSourceRanges: ["203.0.113.0/24"] }',
    types: ["kubernetes:gateway.envoyproxy.io/*:EnvoyProxy"],
    controls: [],
  },
  (fields) => {
    const ranges = fields.get("spec", "provider", "kubernetes", "envoyService", "loadBalancerSourceRanges");
    const everyone = ranges.strings().find(isInternet);
    return everyone === undefined
      ? undefined
      : `must not have \`${everyone}\` in \`envoyService.loadBalancerSourceRanges\`.`;
  },
);
