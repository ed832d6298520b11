import type { Subject } from "./subject";

/** Application, network and gateway load balancers, by both of their names. */
export const LOAD_BALANCER_TYPES = ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"];
export const CLASSIC_LOAD_BALANCER_TYPE = "aws:elb/loadBalancer:LoadBalancer";

/** @throws UnknownRead */
export function loadBalancerKind({ type, fields }: Subject): string {
  return type === CLASSIC_LOAD_BALANCER_TYPE
    ? "classic"
    : (fields.get("loadBalancerType").string() ?? "application");
}
