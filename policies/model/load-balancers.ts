import type { Field } from "./field";
import type { Subject } from "./subject";

/** Application, network and gateway load balancers, by both of their names. */
export const LOAD_BALANCER_TYPES = ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"];
export const LISTENER_TYPES = ["aws:lb/listener:Listener", "aws:alb/listener:Listener"];
export const LISTENER_RULE_TYPES = ["aws:lb/listenerRule:ListenerRule", "aws:alb/listenerRule:ListenerRule"];
export const CLASSIC_LOAD_BALANCER_TYPE = "aws:elb/loadBalancer:LoadBalancer";

/** @throws UnknownRead */
export function loadBalancerKind({ type, fields }: Subject): string {
  return type === CLASSIC_LOAD_BALANCER_TYPE
    ? "classic"
    : (fields.get("loadBalancerType").string() ?? "application");
}

/** The protocol of a listener or a target group in capitals: the provider takes it in small letters too. @throws UnknownRead */
export function protocolOf(field: Field): string {
  return (field.string() ?? "").toUpperCase();
}

/** Whether actions on plain HTTP let no request through: they send the caller to HTTPS, or answer by themselves. @throws UnknownRead */
export function letNothingThrough(actions: readonly Field[]): boolean {
  return (
    actions.length > 0 &&
    actions.every((action) => {
      const type = action.get("type").string();
      if (type === "fixed-response") return true;
      return type === "redirect" && action.get("redirect", "protocol").string() === "HTTPS";
    })
  );
}
