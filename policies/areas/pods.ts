import { advisory, type CatalogEntry, mandatory } from "./entry";
import { containerCapabilitiesAdded } from "../rules/pods/container-capabilities-added";
import { containerCapabilitiesDropped } from "../rules/pods/container-capabilities-dropped";
import { containerCpuRequest } from "../rules/pods/container-cpu-request";
import { containerHostPorts } from "../rules/pods/container-host-ports";
import { containerHostProbes } from "../rules/pods/container-host-probes";
import { containerLivenessProbe } from "../rules/pods/container-liveness-probe";
import { containerMemoryLimit } from "../rules/pods/container-memory-limit";
import { containerPrivilegeEscalation } from "../rules/pods/container-privilege-escalation";
import { containerPrivileged } from "../rules/pods/container-privileged";
import { containerProcMount } from "../rules/pods/container-proc-mount";
import { containerReadOnlyRootFilesystem } from "../rules/pods/container-read-only-root-filesystem";
import { containerReadinessProbe } from "../rules/pods/container-readiness-probe";
import { podAppArmorProfile } from "../rules/pods/pod-apparmor-profile";
import { podDefaultServiceAccount } from "../rules/pods/pod-default-service-account";
import { podHostNamespaces } from "../rules/pods/pod-host-namespaces";
import { podRunAsNonRoot } from "../rules/pods/pod-run-as-non-root";
import { podRunAsUserZero } from "../rules/pods/pod-run-as-user-zero";
import { podSeccompProfile } from "../rules/pods/pod-seccomp-profile";
import { podSelinuxOptions } from "../rules/pods/pod-selinux-options";
import { podServiceAccountToken } from "../rules/pods/pod-service-account-token";
import { podUnsafeSysctls } from "../rules/pods/pod-unsafe-sysctls";
import { podVolumeTypes } from "../rules/pods/pod-volume-types";
import { podWindowsHostProcess } from "../rules/pods/pod-windows-host-process";
import { containerGpuLimit } from "../rules/pods/container-gpu-limit";
import { containerCpuLimit } from "../rules/pods/container-cpu-limit";
import { podMemoryVolumeLimit } from "../rules/pods/pod-memory-volume-limit";
import { podPriorityClass } from "../rules/pods/pod-priority-class";
import { podShareProcessNamespace } from "../rules/pods/pod-share-process-namespace";
import { podRunAsGroupZero } from "../rules/pods/pod-run-as-group-zero";
import { podTolerationAll } from "../rules/pods/pod-toleration-all";
import { podTerminationGracePeriod } from "../rules/pods/pod-termination-grace-period";
import { containerSshPort } from "../rules/pods/container-ssh-port";
import { persistentVolumeHostPath } from "../rules/pods/persistent-volume-host-path";
import { containerInsecureArguments } from "../rules/pods/container-insecure-arguments";
import { containerEphemeralStorageLimit } from "../rules/pods/container-ephemeral-storage-limit";
import { containerSudo } from "../rules/pods/container-sudo";
import { podServiceAccountField } from "../rules/pods/pod-service-account-field";
import { containerEnvironmentDuplicate } from "../rules/pods/container-environment-duplicate";
import { podRestartPolicy } from "../rules/pods/pod-restart-policy";
import { containerProbePort } from "../rules/pods/container-probe-port";
import { containerPrivilegedPort } from "../rules/pods/container-privileged-port";
import { podHostAliases } from "../rules/pods/pod-host-aliases";
import { podLowUser } from "../rules/pods/pod-low-user";
import { containerProbeDeclaredPort } from "../rules/pods/container-probe-declared-port";

/** Rules on pod specs and volumes. */
export const pods: readonly CatalogEntry[] = [
  mandatory(containerCapabilitiesAdded),
  mandatory(containerCapabilitiesDropped),
  advisory(containerCpuRequest),
  mandatory(containerHostPorts),
  mandatory(containerHostProbes),
  advisory(containerLivenessProbe),
  mandatory(containerMemoryLimit),
  mandatory(containerPrivilegeEscalation),
  mandatory(containerPrivileged),
  mandatory(containerProcMount),
  mandatory(containerReadOnlyRootFilesystem),
  mandatory(containerReadinessProbe),
  mandatory(podAppArmorProfile),
  advisory(podDefaultServiceAccount),
  mandatory(podHostNamespaces),
  mandatory(podRunAsNonRoot),
  mandatory(podRunAsUserZero),
  mandatory(podSeccompProfile),
  mandatory(podSelinuxOptions),
  mandatory(podServiceAccountToken),
  mandatory(podUnsafeSysctls),
  mandatory(podVolumeTypes),
  mandatory(podWindowsHostProcess),
  mandatory(containerGpuLimit),
  advisory(containerCpuLimit),
  mandatory(podMemoryVolumeLimit),
  mandatory(podPriorityClass),
  mandatory(podShareProcessNamespace),
  advisory(podRunAsGroupZero),
  advisory(podTolerationAll),
  advisory(podTerminationGracePeriod),
  advisory(containerSshPort),
  mandatory(persistentVolumeHostPath),
  mandatory(containerInsecureArguments),
  advisory(containerEphemeralStorageLimit),
  mandatory(containerSudo),
  advisory(podServiceAccountField),
  advisory(containerEnvironmentDuplicate),
  mandatory(podRestartPolicy),
  mandatory(containerProbePort),
  advisory(containerPrivilegedPort),
  advisory(podHostAliases),
  advisory(podLowUser),
  advisory(containerProbeDeclaredPort),
];
