import assert from "node:assert";
import { scaledObjectSpec, type KedaScale } from "../../../components/internal/scaled-object";

const SCALE: KedaScale = {
  service: "text",
  namespace: "ns",
  deployment: "text",
  minReplicas: 2,
  maxReplicas: 6,
  on: "queueDepth",
  target: 4,
  scaleDownDelay: 300,
  prometheusUrl: "http://prometheus.slipway-monitoring:9090",
  authModes: [],
  fallbackReplicas: 2,
  activationThreshold: 0,
  cooldown: 300,
};

describe("ScaledObject", () => {
  it("asks Prometheus for the load, and keeps the pods that there are while it does not answer", () => {
    assert.deepEqual(scaledObjectSpec(SCALE), {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "text" },
      pollingInterval: 15,
      minReplicaCount: 2,
      maxReplicaCount: 6,
      fallback: { failureThreshold: 3, replicas: 2, behavior: "currentReplicasIfHigher" },
      advanced: {
        horizontalPodAutoscalerConfig: {
          behavior: {
            scaleUp: { stabilizationWindowSeconds: 0 },
            scaleDown: { stabilizationWindowSeconds: 300 },
          },
        },
      },
      triggers: [
        {
          type: "prometheus",
          name: "load",
          metricType: "AverageValue",
          metadata: {
            serverAddress: "http://prometheus.slipway-monitoring:9090",
            query: 'sum(slipway_inference_pending_requests{namespace="ns",service="text"})',
            threshold: "4",
            activationThreshold: "0",
            ignoreNullValues: "false",
          },
        },
      ],
    });
  });

  it("takes no pods for no load only where there may be none", () => {
    const query = (minReplicas: number) =>
      scaledObjectSpec({ ...SCALE, minReplicas }).triggers[0]!.metadata.query;
    assert.ok(query(0).endsWith(" or vector(0)"));
    assert.ok(!query(1).includes("vector"));
  });

  it("is woken by requests that the gateway had, and then wants one pod, not many", () => {
    const spec = scaledObjectSpec({ ...SCALE, minReplicas: 0, activationThreshold: 3, cooldown: 600 });
    assert.equal(spec.cooldownPeriod, 600);
    assert.deepEqual(
      spec.triggers.map((trigger) => trigger.name),
      ["load", "activity"],
    );
    const { query, threshold } = spec.triggers[1]!.metadata;
    assert.match(
      query,
      /^\(.*envoy_cluster_upstream_rq_completed.*envoy_http_rq_direct_response.*\) > bool 3$/,
    );
    assert.equal(threshold, "1");
  });

  it("is woken by another query where there is one", () => {
    const activationQuery = "sum(rate(nginx_requests[1m]))";
    const spec = scaledObjectSpec({ ...SCALE, minReplicas: 0, activationQuery });
    assert.equal(spec.triggers[1]!.metadata.query, "(sum(rate(nginx_requests[1m]))) > bool 0");
  });

  it("proves itself to Prometheus with secrets of a TriggerAuthentication", () => {
    const spec = scaledObjectSpec({
      ...SCALE,
      minReplicas: 0,
      authModes: ["tls", "basic"],
      triggerAuthentication: "reader",
    });
    for (const trigger of spec.triggers) {
      assert.equal(trigger.metadata.authModes, "tls,basic");
      assert.deepEqual(trigger.authenticationRef, { name: "reader" });
    }
  });
});
