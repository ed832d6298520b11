import { awsControls } from "../../model/aws-controls";
import { exposureRule } from "../../model/security-groups";

export const securityGroupAllPorts = exposureRule(
  {
    id: "security-group-all-ports",
    title: "Security groups do not open every port to the internet",
    severity: "critical",
    description: "Whatever listens, now or later, can be reached by anyone; nothing stands in between.",
    remediation: 'ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["203.0.113.0/24"] }]',
    controls: awsControls("ec2_securitygroup_allow_ingress_from_internet_to_all_ports"),
  },
  "ingress",
  "everything",
  () => "must not let the whole internet reach every port.",
);
