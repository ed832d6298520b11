import { inputRule } from "../../model/input-rule";
import { hasText } from "../../model/scalars";

export const loadBalancerListenerProtocol = inputRule(
  {
    id: "load-balancer-listener-protocol",
    title: "Listeners name their protocol",
    severity: "medium",
    description: "An Application Load Balancer's listener that names no protocol answers plain HTTP.",
    remediation: 'protocol: "HTTPS"',
    types: ["aws:lb/listener:Listener", "aws:alb/listener:Listener"],
    controls: [],
  },
  (listener) => {
    // Those of a Gateway Load Balancer have neither port nor protocol.
    if (!listener.get("port").exists() || hasText(listener.get("protocol"))) return undefined;
    return "must set `protocol`: without it the listener answers plain HTTP.";
  },
);
