import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { LOAD_BALANCER_TYPES } from "../../model/load-balancers";
import { oneOrMany } from "../../model/one-or-many";

export const loadBalancerZones = inputRule(
  {
    id: "load-balancer-zones",
    title: "Load balancers span several zones",
    severity: "low",
    description: "With one subnet the load balancer is down when its zone is.",
    remediation: "subnets: network.publicSubnetIds",
    types: LOAD_BALANCER_TYPES,
    controls: awsControls("elbv2_is_in_multiple_az"),
  },
  (fields) => {
    const count = Math.max(
      ...["subnets", "subnetMappings"].map((list) => oneOrMany(fields.get(list)).length),
    );
    // None at all is not one zone: AWS refuses that by itself.
    return count === 1 ? "must name subnets of at least two zones." : undefined;
  },
);
