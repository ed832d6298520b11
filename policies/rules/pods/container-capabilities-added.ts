import { nsaCisa, podSecurity } from "../../model/controls";
import { containerRule } from "../../model/pods";

const ALLOWED = "NET_BIND_SERVICE";

export const containerCapabilitiesAdded = containerRule(
  {
    id: "container-capabilities-added",
    title: "Containers add no Linux capability but NET_BIND_SERVICE",
    severity: "high",
    description:
      "An added capability gives back a part of root; binding a low port is the only one that restricted pods may have.",
    remediation: 'securityContext: { capabilities: { drop: ["ALL"] } } // without `add`',
    controls: [
      podSecurity("restricted", "Capabilities (v1.22+)"),
      nsaCisa("C-0046", "Insecure capabilities"),
    ],
  },
  (container) => {
    const added = container
      .get("securityContext", "capabilities", "add")
      .items()
      .filter((item) => item.string() !== ALLOWED);
    return added.length === 0
      ? undefined
      : `must not add the capabilities ${added.map((item) => item.show()).join(", ")}.`;
  },
);
