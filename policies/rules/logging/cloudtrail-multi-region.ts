import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { saysOff } from "../../model/scalars";

export const cloudtrailMultiRegion = inputRule(
  {
    id: "cloudtrail-multi-region",
    title: "Trails record every region",
    severity: "high",
    description: "Whoever does not want to be seen works in the region that nobody watches.",
    remediation:
      "new aws.cloudtrail.Trail(name, { …, isMultiRegionTrail: true, includeGlobalServiceEvents: true })",
    types: ["aws:cloudtrail/trail:Trail"],
    controls: awsControls("cloudtrail_multi_region_enabled"),
  },
  (fields) => {
    if (!fields.get("isMultiRegionTrail").isTrue()) return "must set `isMultiRegionTrail: true`.";
    return saysOff(fields.get("enableLogging")) ? "must not set `enableLogging: false`." : undefined;
  },
);
