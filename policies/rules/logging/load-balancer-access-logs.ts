import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import {
  CLASSIC_LOAD_BALANCER_TYPE,
  LOAD_BALANCER_TYPES,
  loadBalancerKind,
} from "../../model/load-balancers";
import { hasText, saysOff } from "../../model/scalars";

export const loadBalancerAccessLogs = inputRule(
  {
    id: "load-balancer-access-logs",
    title: "Load balancers write access logs",
    severity: "medium",
    description: "What came in from where is known by the load balancer alone.",
    remediation: "accessLogs: { bucket: logs.bucket, enabled: true }",
    types: [...LOAD_BALANCER_TYPES, CLASSIC_LOAD_BALANCER_TYPE],
    controls: awsControls("elbv2_logging_enabled", "elb_logging_enabled"),
  },
  (fields, subject) => {
    const kind = loadBalancerKind(subject);
    if (kind === "gateway") return undefined;
    const logs = fields.get("accessLogs");
    // A classic one logs as soon as it has a bucket.
    const enabled = logs.get("enabled");
    const isOn = kind === "classic" ? hasText(logs.get("bucket")) && !saysOff(enabled) : enabled.isTrue();
    return isOn ? undefined : "must write access logs: set `accessLogs: { bucket, enabled: true }`.";
  },
);
