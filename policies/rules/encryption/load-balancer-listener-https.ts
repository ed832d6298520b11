import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { letNothingThrough, LISTENER_TYPES, protocolOf } from "../../model/load-balancers";
import { oneOrMany } from "../../model/one-or-many";

export const loadBalancerListenerHttps = inputRule(
  {
    id: "load-balancer-listener-https",
    title: "Load balancers answer HTTP only with a redirect",
    severity: "high",
    description:
      "On a listener of protocol HTTP that forwards, tokens and inputs cross the network in plain text.",
    remediation:
      'defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }]',
    types: LISTENER_TYPES,
    controls: awsControls("elbv2_ssl_listeners"),
  },
  (listener) => {
    if (protocolOf(listener.get("protocol")) !== "HTTP") return undefined;
    return letNothingThrough(oneOrMany(listener.get("defaultActions")))
      ? undefined
      : "must use protocol HTTPS, or redirect to it.";
  },
);
