import type { World } from "../model";
import { deployment, DIGEST, inTeam, k8s, surroundings } from "./kubernetes";

export const DIGEST_OF = DIGEST;

/** A deployment whose number of replicas an autoscaler decides. */
export function hpa(): World {
  const { resources, aliases } = deployment();
  const { workload, ...others } = resources;
  const { replicas: _, ...spec } = workload!.props.spec as Record<string, unknown>;
  return {
    aliases: aliases!,
    resources: {
      hpa: k8s("autoscaling/v2:HorizontalPodAutoscaler", {
        metadata: inTeam("shop"),
        spec: {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
          minReplicas: 3,
          maxReplicas: 10,
          metrics: [
            {
              type: "Resource",
              resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
            },
          ],
        },
      }),
      workload: { ...workload!, props: { ...workload!.props, spec } },
      ...others,
    },
  };
}

/** The same with KEDA. */
export function scaledObject(): World {
  const { hpa: _, ...others } = hpa().resources;
  return {
    resources: {
      scaled: k8s("keda.sh/v1alpha1:ScaledObject", {
        metadata: inTeam("shop"),
        spec: {
          scaleTargetRef: { name: "shop" },
          minReplicaCount: 3,
          maxReplicaCount: 10,
          triggers: [{ type: "cpu", metricType: "Utilization", metadata: { value: "70" } }],
        },
      }),
      ...others,
    },
  };
}

/** A deployment that Flagger rolls out. */
export function canary(): World {
  const { resources, aliases } = deployment();
  return {
    aliases: aliases!,
    resources: {
      canary: k8s("flagger.app/v1beta1:Canary", {
        metadata: inTeam("shop"),
        spec: {
          targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
          progressDeadlineSeconds: 600,
          service: { port: 8080 },
          analysis: {
            interval: "1m",
            threshold: 5,
            maxWeight: 50,
            stepWeight: 10,
            metrics: [{ name: "request-success-rate", thresholdRange: { min: 99 }, interval: "1m" }],
          },
        },
      }),
      ...resources,
    },
  };
}

/** What operators make pods from: Envoy Gateway's proxy, Prometheus and Grafana. */
export function opsWorld(): World {
  const { namespace, deny } = surroundings();
  return {
    resources: {
      envoy: k8s("gateway.envoyproxy.io/v1alpha1:EnvoyProxy", {
        metadata: inTeam("proxy"),
        spec: {
          provider: {
            type: "Kubernetes",
            kubernetes: {
              envoyDeployment: { replicas: 2, container: { image: `registry.example/envoy@${DIGEST}` } },
            },
          },
          telemetry: {
            accessLog: {
              settings: [
                {
                  format: { type: "JSON", json: { at: "%START_TIME%" } },
                  sinks: [{ type: "File", file: { path: "/dev/stdout" } }],
                },
              ],
            },
          },
        },
      }),
      prometheus: k8s("monitoring.coreos.com/v1:Prometheus", {
        metadata: inTeam("metrics"),
        spec: {
          image: `registry.example/prometheus@${DIGEST}`,
          replicas: 2,
          retention: "15d",
          enableAdminAPI: false,
          web: {
            tlsConfig: {
              cert: { secret: { name: "tls", key: "tls.crt" } },
              keySecret: { name: "tls", key: "tls.key" },
            },
          },
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            seccompProfile: { type: "RuntimeDefault" },
          },
        },
      }),
      grafana: k8s("core/v1:ConfigMap", {
        metadata: { ...inTeam("grafana"), labels: { "app.kubernetes.io/name": "grafana" } },
        data: { "grafana.ini": "[auth.anonymous]\nenabled = false\n[security]\ncookie_secure = true\n" },
      }),
      service: k8s("core/v1:Service", {
        metadata: inTeam("prometheus"),
        spec: {
          type: "ClusterIP",
          selector: { "app.kubernetes.io/name": "prometheus" },
          ports: [{ name: "web", port: 9090 }],
        },
      }),
      namespace: namespace!,
      deny: deny!,
    },
  };
}
