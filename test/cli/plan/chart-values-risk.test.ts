import assert from "node:assert/strict";
import { only, update, type Inputs } from "./support";

const RESTARTS = "pods whose template the chart makes of it restart; the chart alone knows which";
const CRDS_GO =
  "unless the chart keeps them, its custom resource definitions go, and with them every object of their kinds";
const CLAIMS_GO = "the chart's volume claims may go, and with them what they hold";
const UNMEASURED = "what it measures is measured no more; autoscaling and alerts by it stop";

function valuesFrom(before: Inputs | undefined, after: Inputs | undefined, chart = "some-chart") {
  const { risk, reason } = only(
    update({
      type: "kubernetes:helm.sh/v3:Release",
      before: { chart, values: before },
      after: { chart, values: after },
    }),
  );
  return [risk, reason.slice(reason.indexOf("; ") + 2)];
}

describe("risk of a chart's values", () => {
  for (const [before, after, risk, words] of [
    [{ crds: { enabled: true } }, { crds: { enabled: false } }, "data-loss", CRDS_GO],
    [{ crds: { enabled: true } }, {}, "data-loss", CRDS_GO],
    [{ crds: { enabled: true } }, undefined, "data-loss", CRDS_GO],
    [{ crds: { keep: true } }, { crds: { keep: false } }, "data-loss", CRDS_GO],
    [{}, { crds: { keep: false } }, "data-loss", CRDS_GO],
    [{ installCRDs: true }, { installCRDs: false }, "data-loss", CRDS_GO],
    [
      { crds: { enabled: false } },
      { crds: { enabled: true } },
      "none",
      "none of its custom resource definitions goes",
    ],
    [
      { server: { persistence: { enabled: true } } },
      { server: { persistence: { enabled: false } } },
      "data-loss",
      CLAIMS_GO,
    ],
    [{ replicaCount: 2 }, { replicaCount: 0 }, "interruption", "no pod is left"],
    [{ webhook: { replicas: 1 } }, { webhook: { replicas: 2 } }, "cost", "more pods"],
    [{ replicas: 2 }, { replicas: 1 }, "none", "fewer pods"],
    [{ replicas: 2 }, {}, "cost", "another number of pods"],
    [
      { serviceMonitor: { enabled: true } },
      { serviceMonitor: { enabled: false } },
      "interruption",
      UNMEASURED,
    ],
    [
      { serviceMonitor: { interval: "10s" } },
      { serviceMonitor: { interval: "30s" } },
      "none",
      "it is measured otherwise",
    ],
    [
      { rbac: { create: true } },
      { rbac: { create: false } },
      "access",
      "changes who may do what, or reach whom",
    ],
    [
      { resources: { limits: { cpu: 1 } } },
      { resources: { limits: { cpu: 2 } } },
      "interruption",
      `${RESTARTS}; its pods ask for more`,
    ],
    [
      { securityContext: { runAsNonRoot: true } },
      { securityContext: {} },
      "interruption",
      `${RESTARTS}; changes what its pods may do`,
    ],
    [{ mode: "a" }, { mode: "b" }, "interruption", RESTARTS],
  ] as const) {
    it(`from ${JSON.stringify(before)} to ${JSON.stringify(after)} is ${risk}`, () => {
      assert.deepEqual(valuesFrom(before, after), [risk, words]);
    });
  }

  it("of the GPU operator is that of its policy: drivers come, and restart on every node", () => {
    const drivers = (enabled: boolean) => ({ driver: { enabled }, toolkit: { enabled } });
    assert.deepEqual(valuesFrom(drivers(false), drivers(true), "gpu-operator"), [
      "interruption",
      "drivers and device plugins restart node by node",
    ]);
  });
});
