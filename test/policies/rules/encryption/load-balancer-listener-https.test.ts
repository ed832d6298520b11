import { loadBalancerListenerHttps } from "../../../../policies/rules/encryption/load-balancer-listener-https";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const forward = { type: "forward", targetGroupArn: "arn" };
const redirect = (protocol: string) => ({ type: "redirect", redirect: { protocol, statusCode: "HTTP_301" } });
const listener = (props: Record<string, unknown>) => put("listener", "aws:lb/listener:Listener", props);

describeRule(loadBalancerListenerHttps, {
  good: {
    HTTPS: listener({
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      defaultActions: [forward],
    }),
    "a redirect": listener({ protocol: "HTTP", defaultActions: [redirect("HTTPS")] }),
    "an answer of its own": listener({
      protocol: "HTTP",
      defaultActions: [{ type: "fixed-response", fixedResponse: { statusCode: "403" } }],
    }),
    "TCP, which passes TLS through": listener({ protocol: "TCP", defaultActions: [forward] }),
  },
  bad: {
    forwards: listener({ protocol: "HTTP", defaultActions: [forward] }),
    "in small letters": listener({ protocol: "http", defaultActions: [forward] }),
    "of the older name": put("listener", "aws:alb/listener:Listener", {
      protocol: "HTTP",
      defaultActions: [forward],
    }),
  },
  partial: {
    "a redirect that stays with HTTP": listener({
      protocol: "HTTP",
      defaultActions: [redirect("#{protocol}")],
    }),
    "redirects and forwards": listener({ protocol: "HTTP", defaultActions: [redirect("HTTPS"), forward] }),
  },
  wrongType: { "no actions": listener({ protocol: "HTTP", defaultActions: true }) },
  unknown: {
    protocol: listener({ protocol: UNKNOWN }),
    actions: listener({ protocol: "HTTP", defaultActions: UNKNOWN }),
  },
});
