import { UNKNOWN } from "../../../../policies/testing";
import { autoscalingHealthCheck } from "../../../../policies/rules/availability/autoscaling-health-check";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const group = (props: object) =>
  put("group", "aws:autoscaling/group:Group", { vpcZoneIdentifiers: ["subnet-1", "subnet-2"], ...props });

describeRule(autoscalingHealthCheck, {
  good: { asked: group({ targetGroupArns: ["arn:tg"], healthCheckType: "ELB" }), alone: group({}) },
  bad: {
    unsaid: group({ targetGroupArns: ["arn:tg"] }),
    classic: group({ loadBalancers: ["old"], healthCheckType: "EC2" }),
  },
  partial: {
    "one kind of load balancer of two": group({
      targetGroupArns: [],
      trafficSources: [{ identifier: "arn:tg" }],
      healthCheckType: "EC2",
      healthCheckGracePeriod: 60,
    }),
  },
  wrongType: { boolean: group({ targetGroupArns: ["arn:tg"], healthCheckType: true }) },
  unknown: {
    type: group({ targetGroupArns: ["arn:tg"], healthCheckType: UNKNOWN }),
    groups: group({ targetGroupArns: UNKNOWN }),
  },
});
