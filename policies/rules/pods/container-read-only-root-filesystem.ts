import { nsaCisa } from "../../model/controls";
import { containerRule, runsOnWindows } from "../../model/pods";

export const containerReadOnlyRootFilesystem = containerRule(
  {
    id: "container-read-only-root-filesystem",
    title: "Containers have a read-only root filesystem",
    severity: "medium",
    description:
      "An intruder who cannot write beside the binaries can neither replace nor add to them. Writable paths are volumes.",
    remediation: 'securityContext: { readOnlyRootFilesystem: true } // and an emptyDir mounted at "/tmp"',
    controls: [nsaCisa("C-0017", "Immutable container filesystem")],
  },
  (container, pod) =>
    runsOnWindows(pod) || container.get("securityContext", "readOnlyRootFilesystem").isTrue()
      ? undefined
      : "must set `securityContext.readOnlyRootFilesystem: true`.",
);
