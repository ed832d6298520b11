import type { EnforcementLevel } from "@pulumi/policy";
import type { Rule } from "./model/rule";
import { backendTlsVerification } from "./rules/traffic/backend-tls-verification";
import { corsCredentials } from "./rules/traffic/cors-credentials";
import { gatewayListenerCertificate } from "./rules/traffic/gateway-listener-certificate";
import { gatewayListenerTls } from "./rules/traffic/gateway-listener-tls";
import { gatewayMinimumTlsVersion } from "./rules/traffic/gateway-minimum-tls-version";
import { ingressTls } from "./rules/traffic/ingress-tls";
import { routeBackendTls } from "./rules/traffic/route-backend-tls";
import { routeEffectiveAuthentication } from "./rules/traffic/route-effective-authentication";
import { tokenAudience } from "./rules/traffic/token-audience";
import { namespaceDefaultDeny } from "./rules/network/namespace-default-deny";
import { networkPolicyAllowAll } from "./rules/network/network-policy-allow-all";
import { serviceExternalIps } from "./rules/network/service-external-ips";
import { serviceNodePort } from "./rules/network/service-node-port";
import { serviceSourceRanges } from "./rules/network/service-source-ranges";
import { workloadEgress } from "./rules/network/workload-egress";
import { containerCapabilitiesAdded } from "./rules/pods/container-capabilities-added";
import { containerCapabilitiesDropped } from "./rules/pods/container-capabilities-dropped";
import { containerCpuRequest } from "./rules/pods/container-cpu-request";
import { containerHostPorts } from "./rules/pods/container-host-ports";
import { containerHostProbes } from "./rules/pods/container-host-probes";
import { containerLivenessProbe } from "./rules/pods/container-liveness-probe";
import { containerMemoryLimit } from "./rules/pods/container-memory-limit";
import { containerPrivilegeEscalation } from "./rules/pods/container-privilege-escalation";
import { containerPrivileged } from "./rules/pods/container-privileged";
import { containerProcMount } from "./rules/pods/container-proc-mount";
import { containerReadOnlyRootFilesystem } from "./rules/pods/container-read-only-root-filesystem";
import { containerReadinessProbe } from "./rules/pods/container-readiness-probe";
import { podAppArmorProfile } from "./rules/pods/pod-apparmor-profile";
import { podDefaultServiceAccount } from "./rules/pods/pod-default-service-account";
import { podHostNamespaces } from "./rules/pods/pod-host-namespaces";
import { podRunAsNonRoot } from "./rules/pods/pod-run-as-non-root";
import { podRunAsUserZero } from "./rules/pods/pod-run-as-user-zero";
import { podSeccompProfile } from "./rules/pods/pod-seccomp-profile";
import { podSelinuxOptions } from "./rules/pods/pod-selinux-options";
import { podServiceAccountToken } from "./rules/pods/pod-service-account-token";
import { podUnsafeSysctls } from "./rules/pods/pod-unsafe-sysctls";
import { podVolumeTypes } from "./rules/pods/pod-volume-types";
import { podWindowsHostProcess } from "./rules/pods/pod-windows-host-process";
import { containerImageDigest } from "./rules/supply-chain/container-image-digest";
import { modelSourceDigest } from "./rules/supply-chain/model-source-digest";
import { operatorImageDigest } from "./rules/supply-chain/operator-image-digest";
import { configMapPlaintextSecret } from "./rules/secrets/config-map-plaintext-secret";
import { containerPlaintextSecret } from "./rules/secrets/container-plaintext-secret";
import { containerSecretEnvironment } from "./rules/secrets/container-secret-environment";
import { serviceAccountTokenSecret } from "./rules/secrets/service-account-token-secret";
import { namespacePodSecurity } from "./rules/access/namespace-pod-security";
import { rbacClusterAdminBinding } from "./rules/access/rbac-cluster-admin-binding";
import { rbacEscalationVerbs } from "./rules/access/rbac-escalation-verbs";
import { rbacOpenSubject } from "./rules/access/rbac-open-subject";
import { rbacSecretsAccess } from "./rules/access/rbac-secrets-access";
import { rbacWildcard } from "./rules/access/rbac-wildcard";
import { workloadDefaultNamespace } from "./rules/access/workload-default-namespace";
import { envoyAccessLog } from "./rules/monitoring/envoy-access-log";
import { prometheusAdminApi } from "./rules/monitoring/prometheus-admin-api";
import { prometheusExposed } from "./rules/monitoring/prometheus-exposed";
import { deploymentDisruptionBudget } from "./rules/availability/deployment-disruption-budget";
import { deploymentMinimumReplicaCount } from "./rules/availability/deployment-minimum-replica-count";

/** A rule as the pack binds it. */
export interface CatalogEntry {
  readonly rule: Rule;
  readonly enforcement: EnforcementLevel;
}

/** A violation stops the preview or update. */
function mandatory(rule: Rule): CatalogEntry {
  return { rule, enforcement: "mandatory" };
}

/** A violation is a warning. */
function advisory(rule: Rule): CatalogEntry {
  return { rule, enforcement: "advisory" };
}

/** Every rule of the pack with its enforcement, in the order of the reference page. */
export const catalog: readonly CatalogEntry[] = [
  // traffic
  mandatory(backendTlsVerification),
  mandatory(corsCredentials),
  mandatory(gatewayListenerCertificate),
  mandatory(gatewayListenerTls),
  mandatory(gatewayMinimumTlsVersion),
  mandatory(ingressTls),
  mandatory(routeBackendTls),
  mandatory(routeEffectiveAuthentication),
  mandatory(tokenAudience),
  // network
  mandatory(namespaceDefaultDeny),
  mandatory(networkPolicyAllowAll),
  mandatory(serviceExternalIps),
  advisory(serviceNodePort),
  advisory(serviceSourceRanges),
  advisory(workloadEgress),
  // pods
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
  // supply-chain
  mandatory(containerImageDigest),
  mandatory(modelSourceDigest),
  mandatory(operatorImageDigest),
  // secrets
  mandatory(configMapPlaintextSecret),
  mandatory(containerPlaintextSecret),
  advisory(containerSecretEnvironment),
  mandatory(serviceAccountTokenSecret),
  // access
  mandatory(namespacePodSecurity),
  mandatory(rbacClusterAdminBinding),
  mandatory(rbacEscalationVerbs),
  mandatory(rbacOpenSubject),
  advisory(rbacSecretsAccess),
  mandatory(rbacWildcard),
  advisory(workloadDefaultNamespace),
  // monitoring
  advisory(envoyAccessLog),
  mandatory(prometheusAdminApi),
  mandatory(prometheusExposed),
  // availability
  advisory(deploymentDisruptionBudget),
  advisory(deploymentMinimumReplicaCount),
];
