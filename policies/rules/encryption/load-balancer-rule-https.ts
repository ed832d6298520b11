import { given, Links } from "../../model/aws-links";
import {
  letNothingThrough,
  LISTENER_RULE_TYPES,
  LISTENER_TYPES,
  protocolOf,
} from "../../model/load-balancers";
import { oneOrMany } from "../../model/one-or-many";
import type { StackRule } from "../../model/rule";
import { UnknownRead } from "../../model/unknown";

export const loadBalancerRuleHttps: StackRule = {
  id: "load-balancer-rule-https",
  title: "Rules of a plain HTTP listener forward nothing",
  severity: "high",
  description:
    "A listener that redirects to HTTPS by default still forwards in plain text what one of its rules matches.",
  remediation: "new aws.lb.ListenerRule(name, { listenerArn: httpsListener.arn, actions, conditions })",
  types: LISTENER_RULE_TYPES,
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const listeners = stack.ofTypes(LISTENER_TYPES);
    const rules = stack.ofTypes(LISTENER_RULE_TYPES);
    const links = new Links(listeners, rules, "listenerArn", ["arn", "id"]);
    for (const listener of listeners) {
      for (const rule of links.to(listener)) {
        verdict.judge(rule, () => {
          if (protocolOf(given(listener, "protocol")) !== "HTTP") return;
          if (letNothingThrough(oneOrMany(rule.fields.get("actions")))) return;
          verdict.fail(rule, "must belong to a listener of protocol HTTPS, or redirect to it.");
        });
      }
    }
    for (const rule of links.open) {
      verdict.judge(rule, () => {
        if (!letNothingThrough(oneOrMany(rule.fields.get("actions")))) throw new UnknownRead("listenerArn");
      });
    }
  },
};
