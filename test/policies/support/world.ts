import type { PlainResource } from "../../../policies/testing";

/** Objects by role; tests break one of them at a time. */
export type World = Record<string, PlainResource>;

const DIGEST = "sha256:" + "ab".repeat(32);
const labels = { app: "text" };
const route = {
  metadata: { name: "text", namespace: "team", labels: { exposed: "yes" } },
  spec: {
    parentRefs: [{ name: "gateway" }],
    rules: [
      { name: "infer", backendRefs: [{ name: "text", port: 8000 }] },
      { name: "rest", backendRefs: [{ name: "text", port: 8000 }] },
    ],
  },
};

export function podTemplate(): Record<string, unknown> {
  return {
    metadata: { labels },
    spec: {
      serviceAccountName: "text",
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      initContainers: [
        container("fetch", {
          args: [
            "pull",
            "--public-key",
            "/etc/slipway/models.pem",
            `oci://registry.example/models/text@${DIGEST}`,
          ],
        }),
      ],
      containers: [
        container("server", {
          ports: [{ containerPort: 8000 }],
          env: [{ name: "SLIPWAY_TLS_KEY", value: "/etc/slipway/tls/tls.key" }],
          readinessProbe: { httpGet: { path: "/v2/health/ready", port: 8000 } },
          livenessProbe: { httpGet: { path: "/v2/health/live", port: 8000 } },
        }),
      ],
      volumes: [{ name: "models", emptyDir: {} }],
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: labels },
        },
      ],
    },
  };
}

function container(name: string, more: Record<string, unknown>): Record<string, unknown> {
  return {
    name,
    image: `registry.example/server@${DIGEST}`,
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    resources: {
      requests: { cpu: "500m", memory: "1Gi" },
      limits: { cpu: "1", memory: "1Gi", "ephemeral-storage": "1Gi" },
    },
    ...more,
  };
}

const team = (name: string) => ({ name, namespace: "team" });

/** A stack in which every rule of the pack holds; new at each call. */
export function goodWorld(): World {
  const world: World = {
    namespace: {
      type: "kubernetes:core/v1:Namespace",
      props: { metadata: { name: "team", labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
    },
    denyAll: {
      type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      props: { metadata: team("deny"), spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } },
    },
    allow: {
      type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      props: {
        metadata: team("allow"),
        spec: {
          podSelector: { matchLabels: labels },
          policyTypes: ["Ingress"],
          ingress: [
            {
              from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "edge" } } }],
              ports: [{ port: 8000 }],
            },
          ],
        },
      },
    },
    account: {
      type: "kubernetes:core/v1:ServiceAccount",
      props: { metadata: team("text"), automountServiceAccountToken: false },
    },
    deployment: {
      type: "kubernetes:apps/v1:Deployment",
      props: { metadata: team("text"), spec: { replicas: 2, template: podTemplate() } },
    },
    budget: {
      type: "kubernetes:policy/v1:PodDisruptionBudget",
      props: {
        metadata: team("text"),
        spec: {
          maxUnavailable: 1,
          unhealthyPodEvictionPolicy: "AlwaysAllow",
          selector: { matchLabels: labels },
        },
      },
    },
    service: {
      type: "kubernetes:core/v1:Service",
      props: {
        metadata: team("text"),
        spec: { type: "ClusterIP", selector: labels, ports: [{ name: "http", port: 8000 }] },
      },
    },
    configMap: {
      type: "kubernetes:core/v1:ConfigMap",
      props: {
        metadata: team("text"),
        data: { "jwks.json": '{"keys":[{"kty":"EC","x":"a","y":"b"}]}', level: "info" },
      },
    },
    secret: {
      type: "kubernetes:core/v1:Secret",
      props: { metadata: team("tls"), type: "kubernetes.io/tls", stringData: { "tls.key": "x" } },
    },
    gateway: {
      type: "kubernetes:gateway.networking.k8s.io/v1:Gateway",
      props: {
        metadata: { ...team("gateway"), labels: { tier: "edge" } },
        spec: {
          listeners: [
            { name: "https", port: 443, protocol: "HTTPS", tls: { certificateRefs: [{ name: "tls" }] } },
            { name: "team", port: 8443, protocol: "HTTPS", tls: { certificateRefs: [{ name: "tls" }] } },
          ],
        },
      },
    },
    route: { type: "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", props: structuredClone(route) },
    grpcRoute: { type: "kubernetes:gateway.networking.k8s.io/v1:GRPCRoute", props: structuredClone(route) },
    security: {
      type: "kubernetes:gateway.envoyproxy.io/v1alpha1:SecurityPolicy",
      props: {
        metadata: team("jwt"),
        spec: {
          targetRefs: ["HTTPRoute", "GRPCRoute"].map((kind) => ({
            group: "gateway.networking.k8s.io",
            kind,
            name: "text",
          })),
          jwt: { providers: [{ name: "own", issuer: "https://issuer.example", audiences: ["slipway"] }] },
        },
      },
    },
    backendTls: {
      type: "kubernetes:gateway.networking.k8s.io/v1:BackendTLSPolicy",
      props: {
        metadata: team("text"),
        spec: {
          targetRefs: [{ group: "", kind: "Service", name: "text" }],
          validation: { hostname: "text", wellKnownCACertificates: "System" },
        },
      },
    },
    clientTraffic: {
      type: "kubernetes:gateway.envoyproxy.io/v1alpha1:ClientTrafficPolicy",
      props: { metadata: team("tls"), spec: { tls: { minVersion: "1.2" } } },
    },
    envoy: {
      type: "kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy",
      props: {
        metadata: team("envoy"),
        spec: {
          provider: {
            kubernetes: { envoyDeployment: { container: { image: `registry.example/envoy@${DIGEST}` } } },
          },
        },
      },
    },
    backend: {
      type: "kubernetes:gateway.envoyproxy.io/v1alpha1:Backend",
      props: { metadata: team("far"), spec: { tls: { caCertificateRefs: [{ name: "ca" }] } } },
    },
    ingress: {
      type: "kubernetes:networking.k8s.io/v1:Ingress",
      props: { metadata: team("old"), spec: { tls: [{ hosts: ["old.example"], secretName: "tls" }] } },
    },
    role: {
      type: "kubernetes:rbac.authorization.k8s.io/v1:Role",
      props: {
        metadata: team("reader"),
        rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }],
      },
    },
    binding: {
      type: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
      props: {
        metadata: team("reader"),
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" },
        subjects: [{ kind: "ServiceAccount", name: "text", namespace: "team" }],
      },
    },
    prometheus: {
      type: "kubernetes:monitoring.coreos.com/v1:Prometheus",
      props: { metadata: team("metrics"), spec: { image: `registry.example/prometheus@${DIGEST}` } },
    },
  };
  for (const [name, resource] of Object.entries(world)) world[name] = structuredClone({ ...resource, name });
  return world;
}
