import { from, type TwinData } from "../model";
import { clusterRole, namespace, role } from "../worlds/cluster";

const group = (name: string) => ({ kind: "Group", name, apiGroup: "rbac.authorization.k8s.io" });
const core = (resources: string[], verbs: string[]) => ({ apiGroups: [""], resources, verbs });

export const clusterAccess: readonly TwinData[] = [
  ...from("Checkov", [
    ["CKV_K8S_49", "every verb", role, { "rule.verbs": ["*"] }],
    ["CKV_K8S_49", "every resource", clusterRole, { "rule.resources": ["*"] }],
    ["CKV_K8S_49", "every API group", clusterRole, { "rule.apiGroups": ["*"] }],
    [
      "CKV_K8S_49",
      "every verb in the second of two rules",
      role,
      { "role.rules.1": core(["services"], ["*"]) },
      { good: { "role.rules.1": core(["services"], ["get"]) } },
    ],
    ["CKV_K8S_49", "every subresource", clusterRole, { "rule.resources": ["pods", "*/scale"] }],
    [
      "CKV_K8S_158",
      "a role that may escalate roles",
      clusterRole,
      {
        rule: { apiGroups: ["rbac.authorization.k8s.io"], resources: ["clusterroles"], verbs: ["escalate"] },
      },
      {
        good: {
          rule: { apiGroups: ["rbac.authorization.k8s.io"], resources: ["clusterroles"], verbs: ["get"] },
        },
      },
    ],
    [
      "CKV_K8S_157",
      "a role that may bind roles",
      role,
      { rule: { apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles"], verbs: ["bind", "get"] } },
    ],
    [
      "CKV_K8S_156",
      "a role that approves certificates",
      clusterRole,
      {
        "role.rules": [
          {
            apiGroups: ["certificates.k8s.io"],
            resources: ["certificatesigningrequests/approval"],
            verbs: ["update"],
          },
          { apiGroups: ["certificates.k8s.io"], resources: ["signers"], verbs: ["approve"] },
        ],
      },
    ],
    [
      "CKV_K8S_155",
      "a role that changes admission webhooks",
      clusterRole,
      {
        rule: {
          apiGroups: ["admissionregistration.k8s.io"],
          resources: ["mutatingwebhookconfigurations"],
          verbs: ["create", "update"],
        },
      },
      {
        good: {
          rule: {
            apiGroups: ["admissionregistration.k8s.io"],
            resources: ["mutatingwebhookconfigurations"],
            verbs: ["get"],
          },
        },
      },
    ],
    [
      "CKV2_K8S_1 RoleBinding privilege escalation",
      "a role that makes bindings",
      clusterRole,
      {
        rule: {
          apiGroups: ["rbac.authorization.k8s.io"],
          resources: ["rolebindings", "clusterrolebindings"],
          verbs: ["create", "bind"],
        },
      },
    ],
    [
      "CKV2_K8S_2 Impersonation",
      "a role that impersonates users",
      clusterRole,
      { rule: core(["users", "groups"], ["impersonate"]) },
    ],
    [
      "CKV2_K8S_3 nodes/proxy or pods/exec",
      "a role that runs programs in pods",
      role,
      { rule: core(["pods/exec"], ["create"]) },
    ],
    [
      "CKV2_K8S_5 ReadAllSecrets",
      "a role that reads every secret",
      clusterRole,
      { rule: core(["secrets"], ["get", "list", "watch"]) },
    ],
    [
      "CKV_K8S_42",
      "a role bound to the account default",
      role,
      { "binding.subjects": [{ kind: "ServiceAccount", name: "default", namespace: "team" }] },
    ],
  ]),
  ...from("Prowler", [
    [
      "rbac_cluster_admin_usage",
      "an account with cluster-admin",
      clusterRole,
      { "binding.roleRef.name": "cluster-admin" },
    ],
    [
      "rbac_cluster_admin_usage",
      "an account with cluster-admin in one namespace",
      role,
      {
        "binding.roleRef": {
          apiGroup: "rbac.authorization.k8s.io",
          kind: "ClusterRole",
          name: "cluster-admin",
        },
      },
    ],
    [
      "rbac_minimize_node_proxy_subresource_access",
      "a role that reaches kubelets",
      clusterRole,
      { rule: core(["nodes/proxy"], ["get"]) },
    ],
    [
      "rbac_minimize_pod_creation_access",
      "a role that makes pods",
      role,
      { rule: core(["pods"], ["create"]) },
      { good: { rule: core(["pods"], ["get"]) } },
    ],
    [
      "rbac_minimize_pv_creation_access",
      "a role that makes volumes",
      clusterRole,
      { rule: core(["persistentvolumes"], ["create"]) },
      { good: { rule: core(["persistentvolumes"], ["get"]) } },
    ],
    [
      "rbac_minimize_secret_access",
      "a role that lists secrets in a namespace",
      role,
      { rule: core(["configmaps", "secrets"], ["list"]) },
    ],
    [
      "rbac_minimize_service_account_token_creation",
      "a role that makes tokens",
      clusterRole,
      { rule: core(["serviceaccounts/token"], ["create"]) },
      { good: { rule: core(["serviceaccounts"], ["get"]) } },
    ],
    [
      "rbac_minimize_webhook_config_access",
      "a role that deletes validation",
      clusterRole,
      {
        rule: {
          apiGroups: ["admissionregistration.k8s.io"],
          resources: ["validatingwebhookconfigurations"],
          verbs: ["delete", "patch"],
        },
      },
    ],
    [
      "rbac_minimize_wildcard_use_roles",
      "every path of the API server",
      clusterRole,
      { "role.rules.1": { nonResourceURLs: ["*"], verbs: ["*"] } },
      { good: { "role.rules.1": { nonResourceURLs: ["/healthz"], verbs: ["get"] } } },
    ],
  ]),
  ...from("CIS Kubernetes Benchmark", [
    [
      "Minimize access to impersonate",
      "a role that impersonates accounts",
      role,
      { rule: core(["serviceaccounts"], ["impersonate"]) },
    ],
    [
      "Avoid use of system:masters group",
      "a binding to system:masters",
      clusterRole,
      { "binding.subjects": [group("system:masters")] },
    ],
    [
      "Ensure that the --anonymous-auth argument is set to false",
      "a binding to the anonymous user",
      clusterRole,
      {
        "binding.subjects": [
          { kind: "User", name: "system:anonymous", apiGroup: "rbac.authorization.k8s.io" },
        ],
      },
    ],
    [
      "Ensure that the --anonymous-auth argument is set to false",
      "a binding to everyone without a login",
      role,
      { "binding.subjects": [group("system:unauthenticated")] },
    ],
    [
      "Ensure that default service accounts are not actively used",
      "a default account whose token is mounted",
      namespace,
      {
        standard: {
          type: "kubernetes:core/v1:ServiceAccount",
          props: { metadata: { name: "default", namespace: "team" }, automountServiceAccountToken: true },
        },
      },
      {
        good: {
          standard: {
            type: "kubernetes:core/v1:ServiceAccount",
            props: { metadata: { name: "default", namespace: "team" }, automountServiceAccountToken: false },
          },
        },
        names: ["standard"],
      },
    ],
    [
      "Ensure that the cluster enforces Pod Security Standards",
      "a namespace that enforces nothing",
      namespace,
      { "namespace.metadata.labels": undefined },
    ],
    [
      "Ensure that the cluster enforces Pod Security Standards",
      "a namespace that only warns",
      namespace,
      { "namespace.metadata.labels": { "pod-security.kubernetes.io/warn": "restricted" } },
    ],
    [
      "Ensure that the cluster enforces Pod Security Standards",
      "a namespace of profile privileged",
      namespace,
      { "namespace.metadata.labels": { "pod-security.kubernetes.io/enforce": "privileged" } },
    ],
    [
      "Ensure that the cluster enforces Pod Security Standards",
      "a profile that is misspelt",
      namespace,
      { "namespace.metadata.labels": { "pod-security.kubernetes.io/enforce": "restrictive" } },
    ],
  ]),
  ...from("NSA/CISA Kubernetes Hardening", [
    [
      "Role-based access control",
      "a binding to every user with a login",
      clusterRole,
      { "binding.subjects": [group("system:authenticated")] },
    ],
    [
      "Role-based access control",
      "a binding to all accounts of the cluster",
      clusterRole,
      { "binding.subjects": [group("system:serviceaccounts")] },
    ],
    [
      "Role-based access control",
      "one open subject of two",
      role,
      {
        "binding.subjects": [
          { kind: "ServiceAccount", name: "shop", namespace: "team" },
          group("system:authenticated"),
        ],
      },
    ],
  ]),
];
