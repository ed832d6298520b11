import { loadBalancerListenerProtocol } from "../../../../policies/rules/encryption/load-balancer-listener-protocol";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const listener = (props: Record<string, unknown>, type = "aws:lb/listener:Listener") =>
  put("listener", type, { defaultActions: [{ type: "forward", targetGroupArn: "arn" }], ...props });

describeRule(loadBalancerListenerProtocol, {
  good: {
    TCP: listener({ port: 443, protocol: "TCP" }),
    "of a Gateway Load Balancer": listener({ loadBalancerArn: "arn" }),
  },
  bad: {
    none: listener({ port: 80 }),
    "none, by the older name": listener({ port: 443 }, "aws:alb/listener:Listener"),
  },
  partial: { none: "a listener has a protocol, or none" },
  wrongType: { "a switch": listener({ port: 80, protocol: true }) },
  unknown: { protocol: listener({ port: 80, protocol: UNKNOWN }) },
});
