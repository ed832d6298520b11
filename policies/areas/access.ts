import { advisory, type CatalogEntry, mandatory } from "./entry";
import { namespacePodSecurity } from "../rules/access/namespace-pod-security";
import { rbacClusterAdminBinding } from "../rules/access/rbac-cluster-admin-binding";
import { rbacEscalationVerbs } from "../rules/access/rbac-escalation-verbs";
import { rbacOpenSubject } from "../rules/access/rbac-open-subject";
import { rbacSecretsAccess } from "../rules/access/rbac-secrets-access";
import { rbacWildcard } from "../rules/access/rbac-wildcard";
import { workloadDefaultNamespace } from "../rules/access/workload-default-namespace";
import { rbacNodeProxy } from "../rules/access/rbac-node-proxy";
import { rbacPodExec } from "../rules/access/rbac-pod-exec";
import { rbacTokenRequest } from "../rules/access/rbac-token-request";
import { rbacWebhookConfiguration } from "../rules/access/rbac-webhook-configuration";
import { rbacCertificateApproval } from "../rules/access/rbac-certificate-approval";
import { rbacPersistentVolumeCreation } from "../rules/access/rbac-persistent-volume-creation";
import { rbacPodCreation } from "../rules/access/rbac-pod-creation";
import { rbacSystemMasters } from "../rules/access/rbac-system-masters";
import { rbacDefaultAccount } from "../rules/access/rbac-default-account";
import { admissionFailurePolicy } from "../rules/access/admission-failure-policy";
import { admissionEnforcement } from "../rules/access/admission-enforcement";
import { podServiceAccountExists } from "../rules/access/pod-service-account-exists";
import { rbacDeleteRecords } from "../rules/access/rbac-delete-records";
import { rbacDeleteCollection } from "../rules/access/rbac-delete-collection";
import { rbacConfigMapWrites } from "../rules/access/rbac-config-map-writes";
import { rbacNetworkWrites } from "../rules/access/rbac-network-writes";
import { rbacRoleWrites } from "../rules/access/rbac-role-writes";
import { workflowServiceAccount } from "../rules/access/workflow-service-account";
import { defaultAdministrator } from "../rules/access/default-administrator";
import { rbacAggregation } from "../rules/access/rbac-aggregation";
import { rbacAggregateToView } from "../rules/access/rbac-aggregate-to-view";

/** Rules on rights inside the cluster. */
export const access: readonly CatalogEntry[] = [
  mandatory(namespacePodSecurity),
  mandatory(rbacClusterAdminBinding),
  mandatory(rbacEscalationVerbs),
  mandatory(rbacOpenSubject),
  advisory(rbacSecretsAccess),
  mandatory(rbacWildcard),
  advisory(workloadDefaultNamespace),
  mandatory(rbacNodeProxy),
  mandatory(rbacPodExec),
  mandatory(rbacTokenRequest),
  mandatory(rbacWebhookConfiguration),
  mandatory(rbacCertificateApproval),
  advisory(rbacPersistentVolumeCreation),
  advisory(rbacPodCreation),
  mandatory(rbacSystemMasters),
  mandatory(rbacDefaultAccount),
  advisory(admissionFailurePolicy),
  advisory(admissionEnforcement),
  advisory(podServiceAccountExists),
  advisory(rbacDeleteRecords),
  advisory(rbacDeleteCollection),
  advisory(rbacConfigMapWrites),
  advisory(rbacNetworkWrites),
  advisory(rbacRoleWrites),
  advisory(workflowServiceAccount),
  mandatory(defaultAdministrator),
  mandatory(rbacAggregation),
  advisory(rbacAggregateToView),
];
