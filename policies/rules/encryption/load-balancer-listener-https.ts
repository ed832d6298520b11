import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
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
    types: ["aws:lb/listener:Listener", "aws:alb/listener:Listener"],
    controls: awsControls("elbv2_ssl_listeners"),
  },
  (listener) => {
    if (listener.get("protocol").string() !== "HTTP") return undefined;
    const actions = oneOrMany(listener.get("defaultActions"));
    const redirects =
      actions.length > 0 &&
      actions.every(
        (action) =>
          action.get("type").string() === "redirect" &&
          action.get("redirect", "protocol").string() === "HTTPS",
      );
    return redirects ? undefined : "must use protocol HTTPS, or redirect to it.";
  },
);
