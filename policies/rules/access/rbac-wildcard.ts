import { cisEks } from "../../model/controls";
import { kubernetesControls } from "../../model/aws-controls";
import { roleRule } from "../../model/rbac";

export const rbacWildcard = roleRule(
  {
    id: "rbac-wildcard",
    title: "Roles name what they allow",
    severity: "high",
    description:
      "A `*` also grants what will only be installed later, such as the custom resources of the next operator.",
    remediation: 'rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] }]',
    controls: [
      ...kubernetesControls("rbac_minimize_wildcard_use_roles"),
      cisEks("4.1.3", "Minimize wildcard use in Roles and ClusterRoles"),
    ],
  },
  (entry) => {
    const wide = ["apiGroups", "resources", "verbs", "nonResourceURLs"].filter((list) =>
      // `*/scale` is that subresource of everything.
      entry
        .get(list)
        .strings()
        .some((name) => name === "*" || (list === "resources" && name.startsWith("*/"))),
    );
    return wide.length === 0
      ? undefined
      : `must not use \`*\` in ${wide.map((list) => `\`${list}\``).join(", ")}.`;
  },
);
