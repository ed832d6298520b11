import { awsControls } from "../../model/aws-controls";
import { exposureRule } from "../../model/security-groups";

export const securityGroupInternalPorts = exposureRule(
  {
    id: "security-group-internal-ports",
    title: "Security groups keep databases and control planes from the internet",
    severity: "high",
    description:
      "Databases, caches, queues, dashboards, kubelet and etcd are made for neighbours; many of them ask nobody for a password.",
    remediation: 'ingress: [{ protocol: "tcp", fromPort: 5432, toPort: 5432, securityGroups: [app.id] }]',
    controls: awsControls("ec2_securitygroup_allow_ingress_from_internet_to_high_risk_tcp_ports"),
  },
  "ingress",
  "internal",
  (ports) => `must not let the whole internet reach ${ports}, where something internal listens.`,
);
