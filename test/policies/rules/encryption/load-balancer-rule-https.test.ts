import { loadBalancerRuleHttps } from "../../../../policies/rules/encryption/load-balancer-rule-https";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { comesFrom, computed, put } from "../../support/edits";

const forward = { type: "forward", targetGroupArn: "arn" };
const redirect = (protocol: string) => ({ type: "redirect", redirect: { protocol, statusCode: "HTTP_301" } });
const answer = { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } };
const listener = (props: Record<string, unknown> = {}, family = "lb") =>
  put("listener", `aws:${family}/listener:Listener`, {
    arn: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/shop/1/2",
    protocol: "HTTP",
    defaultActions: [redirect("HTTPS")],
    ...props,
  });
const rule = (actions: unknown, more: Record<string, unknown> = {}, family = "lb") =>
  put("rule", `aws:${family}/listenerRule:ListenerRule`, {
    listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/shop/1/2",
    conditions: [{ pathPattern: { values: ["/v2/*"] } }],
    actions,
    ...more,
  });

describeRule(loadBalancerRuleHttps, {
  outOfScope: {
    "listener.arn":
      "A rule that names its listener by a known ARN belongs to one that is there, not to one that is yet to be made.",
  },
  good: {
    "of a listener for HTTPS": [
      listener({
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        defaultActions: [forward],
      }),
      rule([forward]),
    ],
    "a redirect": [listener(), rule([redirect("HTTPS")])],
    "an answer of its own": [listener(), rule([answer])],
    "of a listener that another stack has": rule([forward]),
  },
  bad: {
    forwards: [listener(), rule([forward])],
    "in small letters": [listener({ protocol: "http" }), rule([forward])],
    "of the older names": [listener({}, "alb"), rule([forward], {}, "alb")],
    "in a preview": [
      listener(),
      rule([forward], { listenerArn: UNKNOWN }),
      comesFrom("rule", "listenerArn", "listener"),
    ],
  },
  partial: {
    "a redirect that stays with HTTP": [listener(), rule([redirect("#{protocol}")])],
    "authenticates, and forwards": [listener(), rule([{ type: "authenticate-oidc" }, forward])],
  },
  wrongType: { "no actions": [listener(), rule(true)] },
  unknown: {
    actions: [listener(), rule(UNKNOWN)],
    "what the listener speaks": [listener({ protocol: UNKNOWN }), rule([forward])],
    "which listener": [
      listener(),
      rule([forward], { listenerArn: UNKNOWN }),
      computed("rule", "listenerArn"),
    ],
  },
});
