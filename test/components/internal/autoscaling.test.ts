import assert from "node:assert";
import {
  autoscalerSpec,
  recommenderSpec,
  requestAutoscalerSpec,
} from "../../../components/internal/autoscaling";

const BOUNDS = { deployment: "text", minReplicas: 2, maxReplicas: 6 };

describe("autoscaler", () => {
  it("lets a burst of CPU pass, and takes pods away after five minutes", () => {
    assert.deepEqual(autoscalerSpec({ ...BOUNDS, cpuLimit: "1", targetPercent: 70 }).behavior, {
      scaleUp: { stabilizationWindowSeconds: 30 },
      scaleDown: { stabilizationWindowSeconds: 300 },
    });
  });

  it("scales the Deployment on requests per pod, at once when a queue grows", () => {
    assert.deepEqual(requestAutoscalerSpec({ ...BOUNDS, on: "queueDepth", target: 4, scaleDownDelay: 60 }), {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "text" },
      minReplicas: 2,
      maxReplicas: 6,
      metrics: [
        {
          type: "Pods",
          pods: {
            metric: { name: "slipway_inference_pending_requests" },
            target: { type: "AverageValue", averageValue: "4" },
          },
        },
      ],
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 0 },
        scaleDown: { stabilizationWindowSeconds: 60 },
      },
    });
  });

  it("writes fractions of a request as the API server stores them", () => {
    const target = (value: number) =>
      JSON.stringify(requestAutoscalerSpec({ ...BOUNDS, on: "concurrency", target: value }).metrics);
    assert.match(target(2.5), /"averageValue":"2500m"/);
    assert.match(target(0.001), /"averageValue":"1m"/);
    assert.match(target(1_000_000), /"averageValue":"1000000"/);
  });
});

describe("recommender", () => {
  it("recommends for the server alone, and changes nothing", () => {
    assert.deepEqual(recommenderSpec("text"), {
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "text" },
      updatePolicy: { updateMode: "Off" },
      resourcePolicy: {
        containerPolicies: [{ containerName: "server", controlledResources: ["cpu", "memory"] }],
      },
    });
  });
});
