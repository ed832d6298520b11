import { exposureRule } from "../../model/security-groups";

export const securityGroupEgress = exposureRule(
  {
    id: "security-group-egress",
    title: "Security groups name what may be reached from inside",
    severity: "low",
    description:
      "With every port open to everywhere, whoever takes over a machine can send its data to any place.",
    remediation: 'egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: [vpc.cidrBlock] }]',
    controls: [],
  },
  "egress",
  "everything",
  () => "must not let everything out to the whole internet.",
);
