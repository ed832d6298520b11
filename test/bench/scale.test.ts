import assert from "node:assert/strict";
import type { V1Pod } from "@kubernetes/client-node";
import { assertCounts, certificateFigures, scaleFigures } from "../../bench/scale";
import { childSeconds } from "../../bench/child-time";
import { readyStatus } from "../../bench/scale/fake-pod";
import { expectedCounts } from "../../bench/scale/many";
import { declareMany } from "../../bench/scale/program";
import { declare } from "../components/support/declared";

const NOW = new Date("2026-01-02T03:04:05Z");
const ADDRESSES = { hostIP: "10.250.0.1", podIP: "10.251.0.7" };

describe("the benchmark of scale", () => {
  it("has a fake node report what a kubelet would of a pod that is ready", () => {
    const pod: V1Pod = {
      spec: {
        initContainers: [
          { name: "fetch", image: "fetch:1" },
          { name: "sidecar", image: "sidecar:1", restartPolicy: "Always" },
        ],
        containers: [{ name: "server", image: "server:1" }],
        readinessGates: [{ conditionType: "example.com/load-balanced" }],
      },
    };
    const status = readyStatus(pod, ADDRESSES, NOW);
    assert.equal(status.phase, "Running");
    assert.deepEqual(
      [status.hostIP, status.podIP, status.podIPs],
      ["10.250.0.1", "10.251.0.7", [{ ip: "10.251.0.7" }]],
    );
    assert.deepEqual(
      status.conditions?.map(({ type, status }) => `${type}=${status}`),
      ["Initialized=True", "Ready=True", "ContainersReady=True", "example.com/load-balanced=True"],
    );
    const [server] = status.containerStatuses ?? [];
    assert.deepEqual(
      [server?.name, server?.ready, server?.state],
      ["server", true, { running: { startedAt: NOW } }],
    );
    const [fetch, sidecar] = status.initContainerStatuses ?? [];
    assert.deepEqual(
      [fetch?.state?.terminated?.reason, fetch?.state?.terminated?.exitCode],
      ["Completed", 0],
    );
    assert.deepEqual(sidecar?.state, { running: { startedAt: NOW } });
  });

  it("declares services of one GPU each, some to a namespace", async () => {
    const many = {
      count: 3,
      part: "services",
      namespace: "scale",
      perNamespace: 2,
      nodes: 20,
      gpusPerNode: 4,
    } as const;
    const declared = await declare(() => declareMany(many));
    const deployments = declared.kind("Deployment").map(({ inputs }) => inputs);
    assert.equal(deployments.length, 3);
    const gpus = deployments.map(
      ({ spec }) => spec.template.spec.containers[0].resources.limits["nvidia.com/gpu"],
    );
    assert.deepEqual([...new Set(gpus)], ["1"]);
    const namespaces = deployments.map(({ metadata }) => metadata.namespace);
    assert.equal(namespaces.filter((name) => name === "scale-0").length, 2);
    assert.equal(namespaces.filter((name) => name === "scale-1").length, 1);
  });

  it("says which kinds are not as many as they must be", () => {
    const expected = expectedCounts(5, 1);
    assert.doesNotThrow(() => assertCounts(expected, expected));
    assert.throws(() => assertCounts({ ...expected, secrets: 4, readyOnFakeNodes: 0 }, expected), {
      message: "On the API server: 4 secrets, not 5; 0 readyOnFakeNodes, not 5.",
    });
  });

  it("compares the time per resource with that of the smallest stack", () => {
    const time = (wall: number) => ({ wall, cpu: wall / 2 });
    const times = [
      { resources: 100, preview: time(1), up: time(10), destroy: time(5) },
      { resources: 1000, preview: time(9), up: { wall: 110, cpu: 60 }, destroy: time(50) },
    ];
    const figures = scaleFigures([50, 500], times);
    const ups = figures.filter(({ measure }) => measure === "pulumi up, per resource");
    const shown = ups.map(({ server, value, unit, cpuPerRequest, against }) => [
      server,
      value.value,
      unit,
      cpuPerRequest?.value,
      against?.ratio.value.toFixed(2),
      against?.cpuRatio?.value.toFixed(2),
    ]);
    assert.deepEqual(shown, [
      ["50 services", 100, "ms", 50_000, undefined, undefined],
      ["500 services", 110, "ms", 60_000, "1.10", "1.20"],
    ]);
    const [preview] = certificateFigures(50, times[0]!);
    assert.deepEqual([preview?.server, preview?.value.value], ["50 certificates", 10]);
  });

  it("reads the processor time of children", () => {
    const stat = "1 (a (b) c) S 1 1 1 0 -1 4194560 1 2 3 4 50 60 250 75 20 0 1 0";
    assert.equal(childSeconds(stat), 3.25);
    assert.ok(childSeconds() >= 0);
  });
});
