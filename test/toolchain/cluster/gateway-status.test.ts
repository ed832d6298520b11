import assert from "node:assert/strict";
import type { KubernetesApi, KubernetesObject } from "../../../toolchain/cluster/kubernetes-api";
import { refreshGatewayStatus } from "../../../toolchain/cluster/platform/gateway-status";
import { silent } from "../../../toolchain/progress";

const LABELS = {
  "gateway.envoyproxy.io/owning-gateway-name": "front",
  "gateway.envoyproxy.io/owning-gateway-namespace": "team",
};

/** A cluster with one gateway, whose status is right after so many touches of its proxies' Deployment. */
class OneGateway {
  readonly touched: KubernetesObject[] = [];

  constructor(
    private readonly rightAfter: number,
    private readonly serves = true,
  ) {}

  list(path: string): Promise<unknown[]> {
    if (path.includes("/pods")) {
      const status = { conditions: [{ type: "Ready", status: this.serves ? "True" : "False" }] };
      return Promise.resolve([{ metadata: { name: "pod" }, status }]);
    }
    assert.match(path, /deployments\?labelSelector=gateway.envoyproxy.io\/owning-gateway-name$/);
    return Promise.resolve([{ metadata: { name: "proxies", namespace: "edge", labels: LABELS } }]);
  }

  get(path: string): Promise<unknown> {
    if (path.includes("/gateways/")) {
      assert.match(path, /namespaces\/team\/gateways\/front$/);
      const status = this.touched.length >= this.rightAfter ? "True" : "False";
      return Promise.resolve({ status: { conditions: [{ type: "Programmed", status }] } });
    }
    return Promise.resolve({
      metadata: { generation: 1 },
      spec: { replicas: 1, selector: { matchLabels: {} } },
      status: { observedGeneration: 1, updatedReplicas: 1, availableReplicas: 1, replicas: 1 },
    });
  }

  apply(object: KubernetesObject): Promise<void> {
    this.touched.push(object);
    return this.touched.length > 1 ? Promise.resolve() : Promise.reject(new Error("it is gone"));
  }
}

async function touches(cluster: OneGateway): Promise<number> {
  await refreshGatewayStatus(cluster as unknown as KubernetesApi, false, silent.start(""), 10);
  return cluster.touched.length;
}

describe("refreshGatewayStatus", () => {
  it("leaves a gateway alone whose status says that it serves, or whose proxies do not", async () => {
    assert.equal(await touches(new OneGateway(0)), 0);
    assert.equal(await touches(new OneGateway(1, false)), 0);
  });

  it("touches the Deployment of proxies that serve until the status says so, or a few times", async () => {
    const cluster = new OneGateway(2);
    assert.equal(await touches(cluster), 2);
    const [{ kind, metadata }] = cluster.touched as [KubernetesObject];
    assert.deepEqual([kind, metadata.namespace, metadata.name], ["Deployment", "edge", "proxies"]);
    assert.equal(await touches(new OneGateway(99)), 3);
  });
});
