/** Kubernetes objects of one team, as its program declares them: nothing in them breaks a rule that is mandatory. */
const TEAM = `
  const name = "team-" + i;
  const metadata = { name, namespace: name };
  const labels = { app: name };
  const image = "registry.example/server@sha256:" + "ab".repeat(32);
  new k8s.core.v1.Namespace(name, {
    metadata: { name, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
  }, opts);
  new k8s.networking.v1.NetworkPolicy(name + "-deny", {
    metadata: { name: "deny", namespace: name },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  }, opts);
  new k8s.networking.v1.NetworkPolicy(name, {
    metadata,
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { edge: "true" } } }], ports: [{ port: 8000 }] }],
    },
  }, opts);
  new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, opts);
  new k8s.core.v1.ConfigMap(name, { metadata, data: { level: "info", region: "eu-west-1" } }, opts);
  new k8s.core.v1.Service(name, {
    metadata,
    spec: { type: "ClusterIP", selector: labels, ports: [{ name: "http", port: 8000 }] },
  }, opts);
  new k8s.policy.v1.PodDisruptionBudget(name, {
    metadata,
    spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
  }, opts);
  new k8s.rbac.v1.Role(name, {
    metadata,
    rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }],
  }, opts);
  new k8s.rbac.v1.RoleBinding(name, {
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
    subjects: [{ kind: "ServiceAccount", name, namespace: name }],
  }, opts);
  const container = (name) => ({
    name,
    image,
    ports: [{ containerPort: 8000 }],
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
    readinessProbe: { httpGet: { path: "/ready", port: 8000 } },
    livenessProbe: { httpGet: { path: "/live", port: 8000 } },
  });
  new k8s.apps.v1.Deployment(name, {
    metadata,
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          containers: [container("server"), container("sidecar")],
        },
      },
    },
  }, opts);
`;

/** How many resources a team has. */
export const PER_TEAM = 10;

/** A program of about so many resources, whose provider writes YAML: a preview of it needs no cluster. */
export function programOf(resources: number): string {
  return `
const k8s = require("@pulumi/kubernetes");
const provider = new k8s.Provider("yaml", { renderYamlToDirectory: __dirname + "/yaml" });
const opts = { provider };
for (let i = 0; i < ${Math.ceil(resources / PER_TEAM)}; i++) {${TEAM}}
`;
}
