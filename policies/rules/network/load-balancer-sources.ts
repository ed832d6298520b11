import { inputRule } from "../../model/input-rule";
import { LOAD_BALANCER_TYPES, loadBalancerKind } from "../../model/load-balancers";

export const loadBalancerSources = inputRule(
  {
    id: "load-balancer-sources",
    title: "Public load balancers have security groups of their own",
    severity: "medium",
    description:
      "A network load balancer without security groups takes every packet; other ones fall back on the VPC's default group.",
    remediation: "new aws.lb.LoadBalancer(name, { …, securityGroups: [group.id] }), or `internal: true`",
    types: LOAD_BALANCER_TYPES,
    controls: [],
  },
  (fields, subject) => {
    if (loadBalancerKind(subject) === "gateway" || fields.get("internal").isTrue()) return undefined;
    return fields.get("securityGroups").items().length > 0
      ? undefined
      : "faces the internet and must name its `securityGroups`.";
  },
);
