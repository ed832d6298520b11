import { grants, roleRule, WRITING } from "../../model/rbac";

const NETWORKING = ["services", "endpoints", "endpointslices", "ingresses", "networkpolicies"];

export const rbacNetworkWrites = roleRule(
  {
    id: "rbac-network-writes",
    title: "Roles do not change where traffic goes",
    severity: "medium",
    description:
      "Whoever changes Services, endpoints, Ingresses or network policies can send other people's requests to a pod of their own, or open what was closed. Controllers need it; name them by a waiver.",
    remediation: 'rules: [{ apiGroups: [""], resources: ["services"], verbs: ["get", "list", "watch"] }]',
    controls: [],
  },
  (entry) => {
    const held = NETWORKING.filter((name) => grants(entry, name, WRITING));
    return held.length === 0 ? undefined : `must not change ${held.map((name) => `\`${name}\``).join(", ")}.`;
  },
);
