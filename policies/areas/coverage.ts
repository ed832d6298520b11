import { defaultAccountToken } from "../rules/access/default-account-token";
import { podTopologySpreadSelector } from "../rules/availability/pod-topology-spread-selector";
import { authorizationOpenSources } from "../rules/traffic/authorization-open-sources";
import { statefulSetDisruptionBudget } from "../rules/availability/stateful-set-disruption-budget";
import { statefulSetReplicas } from "../rules/availability/stateful-set-replicas";
import { statefulSetTopologySpread } from "../rules/availability/stateful-set-topology-spread";
import { rolloutScaleDownDelay } from "../rules/change/rollout-scale-down-delay";
import { classicLoadBalancerPlainPort } from "../rules/encryption/classic-load-balancer-plain-port";
import { kmsKeyEnabled } from "../rules/encryption/kms-key-enabled";
import { loadBalancerListenerProtocol } from "../rules/encryption/load-balancer-listener-protocol";
import { rdsCertificateAuthority } from "../rules/encryption/rds-certificate-authority";
import { grafanaConfigMap } from "../rules/monitoring/grafana-config-map";
import { networkPolicyOpenPeer } from "../rules/network/network-policy-open-peer";
import { podSeccompUnconfined } from "../rules/pods/pod-seccomp-unconfined";
import { authorizationDefaultAllow } from "../rules/traffic/authorization-default-allow";
import { backendTlsPolicyValidation } from "../rules/traffic/backend-tls-policy-validation";
import { ingressTlsHosts } from "../rules/traffic/ingress-tls-hosts";
import { advisory, type CatalogEntry, mandatory } from "./entry";

/** Rules of every area which only the comparison with public scanners asked for. */
export const coverage: readonly CatalogEntry[] = [
  mandatory(authorizationDefaultAllow),
  mandatory(authorizationOpenSources),
  mandatory(backendTlsPolicyValidation),
  advisory(ingressTlsHosts),
  advisory(networkPolicyOpenPeer),
  mandatory(podSeccompUnconfined),
  advisory(defaultAccountToken),
  mandatory(grafanaConfigMap),
  advisory(statefulSetDisruptionBudget),
  advisory(statefulSetReplicas),
  advisory(statefulSetTopologySpread),
  advisory(podTopologySpreadSelector),
  advisory(rolloutScaleDownDelay),
  advisory(kmsKeyEnabled),
  advisory(rdsCertificateAuthority),
  mandatory(loadBalancerListenerProtocol),
  advisory(classicLoadBalancerPlainPort),
];
