import { podSecurity } from "../../model/controls";
import { containerRule } from "../../model/pods";

export const containerProcMount = containerRule(
  {
    id: "container-proc-mount",
    title: "Containers keep the masked /proc",
    severity: "medium",
    description: "An unmasked /proc shows and changes the kernel's state of the node.",
    remediation: "securityContext: {} // without `procMount`",
    controls: [podSecurity("baseline", "/proc Mount Type")],
  },
  (container) => {
    const mount = container.get("securityContext", "procMount");
    return !mount.exists() || mount.string() === "Default"
      ? undefined
      : `must not set \`procMount: ${mount.show()}\`.`;
  },
);
