import assert from "node:assert/strict";
import { only, update, type Inputs } from "./support";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

const deployment = (spec: Inputs, template: Inputs) => ({ spec: { ...spec, template: { spec: template } } });

describe("risk of an update", () => {
  const cpu = (limit: string) => ({
    containers: [{ name: "server", resources: { limits: { cpu: limit } } }],
  });
  const ONE_AWAY = { rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } };
  const ALL_AWAY = "a rolling update may take all its pods away at once (`maxUnavailable`)";
  const RECREATED = "all its pods stop before new ones start (`Recreate`)";

  for (const [what, spec, before, after, risk, words] of [
    [
      "another limit",
      { strategy: { type: "Recreate" } },
      cpu("1"),
      cpu("2"),
      "interruption",
      `${RECREATED}; its pods ask for more`,
    ],
    [
      "a limit where there was none",
      { strategy: { type: "Recreate" } },
      { containers: [{ name: "server" }] },
      cpu("2"),
      "interruption",
      `${RECREATED}; its pods ask for more`,
    ],
    [
      "no limit any more",
      { strategy: { type: "Recreate" } },
      cpu("2"),
      { containers: [{ name: "server" }] },
      "interruption",
      `${RECREATED}; its pods may take as much as their node has`,
    ],
    [
      "a lower limit of one pod",
      { replicas: 1, strategy: ONE_AWAY },
      cpu("2"),
      cpu("1"),
      "interruption",
      `${ALL_AWAY}; its pods ask for less`,
    ],
    [
      "another account of one pod",
      { replicas: 1, strategy: ONE_AWAY },
      { serviceAccountName: "a" },
      { serviceAccountName: "b" },
      "interruption",
      `${ALL_AWAY}; its pods act as another account`,
    ],
    [
      "other rights",
      { strategy: { type: "Recreate" } },
      { securityContext: { runAsUser: 1 } },
      { securityContext: { runAsUser: 2 } },
      "interruption",
      `${RECREATED}; changes what its pods may do`,
    ],
    [
      "a new container with privileges",
      { strategy: { type: "Recreate" } },
      { containers: [] },
      { containers: [{ name: "debug", securityContext: { privileged: true } }] },
      "interruption",
      `${RECREATED}; a new container may do more than its pods were allowed so far`,
    ],
    [
      "a new container without privileges",
      { replicas: 4 },
      { containers: [] },
      {
        containers: [
          { name: "log", securityContext: { privileged: false, capabilities: { drop: ["ALL"] } } },
        ],
      },
      "none",
      "a rolling update replaces its pods, at most 1 missing at a time",
    ],
    [
      "a folder of the node",
      { replicas: 4 },
      { volumes: [] },
      { volumes: [{ name: "run", hostPath: { path: "/run" } }] },
      "access",
      "its pods see files of their node; a rolling update replaces its pods, at most 1 missing at a time",
    ],
    [
      "another limit behind a rolling update",
      { replicas: 4 },
      cpu("1"),
      cpu("2"),
      "cost",
      "its pods ask for more; a rolling update replaces its pods, at most 1 missing at a time",
    ],
  ] as const) {
    it(`of a pod template is also that of its rollout: ${what}`, () => {
      const change = only(
        update({ type: DEPLOYMENT, before: deployment(spec, before), after: deployment(spec, after) }),
      );
      assert.deepEqual([change.risk, change.reason.slice(change.reason.indexOf("; ") + 2)], [risk, words]);
      assert.deepEqual([...new Set(change.properties.map((property) => property.risk))], [risk]);
    });
  }

  it("of a stateful set's pod template is an interruption where it has one pod", () => {
    const risks = [undefined, 1, 3].map((replicas) => {
      const before = deployment({ replicas }, cpu("2"));
      return only(
        update({
          type: "kubernetes:apps/v1:StatefulSet",
          before,
          after: deployment({ replicas }, cpu("1")),
        }),
      ).risk;
    });
    assert.deepEqual(risks, ["interruption", "interruption", "none"]);
  });

  for (const [type, spec, risk, words] of [
    [
      "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
      { metrics: [{ type: "Resource" }] },
      "cost",
      "changes what the number of pods follows, and how fast",
    ],
    [
      "kubernetes:keda.sh/v1alpha1:ScaledObject",
      { pollingInterval: 5 },
      "cost",
      "changes what the number of pods follows, and how fast",
    ],
    [
      "kubernetes:core/v1:Service",
      { externalTrafficPolicy: "Local" },
      "interruption",
      "other nodes take its requests, and its pods see other source addresses",
    ],
  ] as const) {
    it(`of a ${type.split(":").at(-1)} is told: ${Object.keys(spec).join()}`, () => {
      const change = only(update({ type, before: { spec: {} }, after: { spec } }));
      assert.deepEqual([change.risk, change.reason.slice(change.reason.indexOf("; ") + 2)], [risk, words]);
    });
  }

  const pool = (metadataOptions: Inputs) => ({ spec: { metadataOptions } });
  for (const [type, before, after, risk, words] of [
    [
      "aws:eks/cluster:Cluster",
      { enabledClusterLogTypes: ["api", "audit"] },
      { enabledClusterLogTypes: ["api"] },
      "access",
      "who came in, or did what in the cluster, is no longer recorded; less of the control plane is recorded",
    ],
    [
      "aws:eks/cluster:Cluster",
      { enabledClusterLogTypes: ["audit", "api"] },
      { enabledClusterLogTypes: ["api", "audit", "scheduler"] },
      "cost",
      "more logs are kept",
    ],
    [
      "aws:eks/cluster:Cluster",
      { enabledClusterLogTypes: ["audit"] },
      {},
      "access",
      "who came in, or did what in the cluster, is no longer recorded; less of the control plane is recorded",
    ],
    [
      "aws:eks/cluster:Cluster",
      { upgradePolicy: { supportType: "STANDARD" } },
      { upgradePolicy: { supportType: "EXTENDED" } },
      "cost",
      "once its version's standard support is over, it costs several times as much by the hour",
    ],
    [
      "aws:eks/addon:Addon",
      { podIdentityAssociations: [{ roleArn: "a" }] },
      { podIdentityAssociations: [{ roleArn: "b" }] },
      "access",
      "changes as whom its pods act",
    ],
    [
      "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
      pool({ httpPutResponseHopLimit: 1 }),
      pool({ httpPutResponseHopLimit: 2 }),
      "interruption",
      "Karpenter replaces nodes that no longer fit, within the disruption budget; changes what its nodes may do",
    ],
    [
      "kubernetes:karpenter.sh/v1:NodePool",
      { spec: { limits: { cpu: "8" } } },
      { spec: {} },
      "cost",
      "may have more nodes",
    ],
    [
      "kubernetes:karpenter.sh/v1:NodePool",
      { spec: {} },
      { spec: { limits: { cpu: "8" } } },
      "none",
      "may have fewer nodes",
    ],
    [
      "kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy",
      { spec: { provider: { kubernetes: { envoyDeployment: { replicas: 2 } } } } },
      { spec: { provider: { kubernetes: { envoyDeployment: { replicas: 0 } } } } },
      "interruption",
      "no pod is left",
    ],
  ] as const) {
    it(`of ${type.split(":").at(-1)}, ${Object.keys(before).join()}, is ${risk}: ${words}`, () => {
      const change = only(update({ type, before, after }));
      assert.deepEqual([change.risk, change.reason.slice(change.reason.indexOf("; ") + 2)], [risk, words]);
    });
  }
});
