import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import {
  CLASSIC_LOAD_BALANCER_TYPE,
  LOAD_BALANCER_TYPES,
  loadBalancerKind,
} from "../../model/load-balancers";

export const loadBalancerRequestChecks = inputRule(
  {
    id: "load-balancer-request-checks",
    title: "Load balancers refuse malformed requests",
    severity: "medium",
    description:
      "Invalid headers and ambiguous requests are how one request is smuggled in another past every check.",
    remediation: 'dropInvalidHeaderFields: true, desyncMitigationMode: "defensive"',
    types: [...LOAD_BALANCER_TYPES, CLASSIC_LOAD_BALANCER_TYPE],
    controls: awsControls(
      "elbv2_alb_drop_invalid_header_fields_enabled",
      "elbv2_desync_mitigation_mode",
      "elb_desync_mitigation_mode",
    ),
  },
  (fields, subject) => {
    const kind = loadBalancerKind(subject);
    if (kind !== "application" && kind !== "classic") return undefined;
    if (fields.get("desyncMitigationMode").string() === "monitor") {
      return 'must set `desyncMitigationMode` to "defensive" or "strictest".';
    }
    return kind === "classic" || fields.get("dropInvalidHeaderFields").isTrue()
      ? undefined
      : "must set `dropInvalidHeaderFields: true`.";
  },
);
