import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { LOAD_BALANCER_TYPES } from "../../model/load-balancers";

export const loadBalancerDeletionProtection = inputRule(
  {
    id: "load-balancer-deletion-protection",
    title: "Load balancers are protected from deletion",
    severity: "low",
    description:
      "A load balancer that is made anew has another name and other addresses; every client notices.",
    remediation: "new aws.lb.LoadBalancer(name, { …, enableDeletionProtection: true })",
    types: LOAD_BALANCER_TYPES,
    controls: awsControls("elbv2_deletion_protection"),
  },
  (fields) =>
    fields.get("enableDeletionProtection").isTrue()
      ? undefined
      : "must set `enableDeletionProtection: true`.",
);
