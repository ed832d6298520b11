import { kubernetesControls } from "../../model/aws-controls";
import { podSecurity } from "../../model/controls";
import { containersOf, podRule } from "../../model/pods";

export const podWindowsHostProcess = podRule(
  {
    id: "pod-windows-host-process",
    title: "No Windows HostProcess pods",
    severity: "critical",
    description: "A HostProcess container runs on a Windows node as a process of that node.",
    remediation: "securityContext: { windowsOptions: { hostProcess: false } } // or leave it out",
    controls: [
      podSecurity("baseline", "HostProcess"),
      ...kubernetesControls("core_minimize_admission_windows_hostprocess_containers"),
    ],
  },
  (pod) =>
    [pod, ...containersOf(pod)].every((owner) =>
      owner.get("securityContext", "windowsOptions", "hostProcess").isOff(),
    )
      ? undefined
      : "must not set `windowsOptions.hostProcess`.",
);
