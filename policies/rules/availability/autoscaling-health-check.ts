import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";

export const autoscalingHealthCheck = inputRule(
  {
    id: "autoscaling-health-check",
    title: "Groups behind a load balancer ask it who is healthy",
    severity: "low",
    description:
      "EC2's own check sees a running machine; that nothing answers on it only the load balancer knows.",
    remediation: 'healthCheckType: "ELB", healthCheckGracePeriod: 120',
    types: ["aws:autoscaling/group:Group"],
    controls: [
      awsFoundational(
        "AutoScaling.1",
        "Auto Scaling groups associated with a load balancer should use load balancer health checks",
      ),
    ],
  },
  (fields) => {
    const isBalanced = ["targetGroupArns", "loadBalancers", "trafficSources"].some(
      (list) => fields.get(list).items().length > 0,
    );
    return !isBalanced || fields.get("healthCheckType").string() === "ELB"
      ? undefined
      : 'must set `healthCheckType` to "ELB".';
  },
);
