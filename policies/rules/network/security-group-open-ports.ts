import { awsControls } from "../../model/aws-controls";
import { awsFoundational } from "../../model/controls";
import { exposureRule } from "../../model/security-groups";

export const securityGroupOpenPorts = exposureRule(
  {
    id: "security-group-open-ports",
    title: "Security groups open only web ports to the internet",
    severity: "medium",
    description: "Ports 80 and 443 are expected to be public; any other is most often a leftover of a test.",
    remediation:
      'ingress: [{ protocol: "tcp", fromPort: 8443, toPort: 8443, cidrBlocks: ["203.0.113.0/24"] }]',
    controls: [
      ...awsControls("ec2_securitygroup_allow_ingress_from_internet_to_any_port"),
      awsFoundational(
        "EC2.18",
        "Security groups should only allow unrestricted incoming traffic for authorized ports",
      ),
    ],
  },
  "ingress",
  "other",
  (ports) => `must not let the whole internet reach ${ports}, unless it is meant to be public.`,
);
