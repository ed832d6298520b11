import { awsControls } from "../../model/aws-controls";
import { exposureRule } from "../../model/security-groups";

export const securityGroupAdministrationPorts = exposureRule(
  {
    id: "security-group-administration-ports",
    title: "Security groups keep SSH, RDP and WinRM from the internet",
    severity: "critical",
    description:
      "Ports of administration are tried by everyone, all the time; a stolen key or password is then enough.",
    remediation:
      '// Better none at all, with Session Manager.\nnew aws.vpc.SecurityGroupIngressRule(name, { securityGroupId, ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: "203.0.113.0/24" })',
    controls: awsControls(
      "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22",
      "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_3389",
    ),
  },
  "ingress",
  "administration",
  (ports) => `must not let the whole internet reach ${ports}, by which machines are administered.`,
);
