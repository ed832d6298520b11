import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { kindOf } from "../../../cli/plan/risk";
import { create, only, remove, replace, replaceDeletedFirst, update } from "./support";
import type { Inputs, Resource } from "./support";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const SERVICE = "kubernetes:core/v1:Service";
const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";

const changed = (type: string, path: string, before: Inputs, after: Inputs, kind = "update"): Resource => ({
  type,
  before,
  after,
  diff: { [path]: kind },
});

const deployment = (spec: Inputs, template: Inputs = {}) => ({
  metadata: { name: "text" },
  spec: { ...spec, template: { spec: template } },
});

const image = (name: string) => ({ containers: [{ name: "server", image: name }] });
const IMAGE = "spec.template.spec.containers[0].image";
const rolls = (strategy: Inputs | undefined, replicas = 2) =>
  update(
    changed(
      DEPLOYMENT,
      IMAGE,
      deployment({ replicas, strategy }, image("a")),
      deployment({ replicas, strategy }, image("b")),
    ),
  );

const group = (instanceTypes: string[]) => ({ instanceTypes, scalingConfig: { maxSize: 2 } });
const DRAINED =
  "its pods move one by one within the disruption budget, for the minutes that EKS waits for them";

const CASES: [events: EngineEvent[], risk: string, reason: string][] = [
  // Loses data
  [
    remove({ type: "kubernetes:core/v1:PersistentVolumeClaim", before: {} }),
    "data-loss",
    "deletes the volume claim; its volume and the data on it go, unless the reclaim policy retains them",
  ],
  [
    remove({ type: "kubernetes:core/v1:Namespace", before: {} }),
    "data-loss",
    "deletes the namespace; everything in it goes, volume claims and secrets included",
  ],
  [
    remove({ type: "aws:s3/bucket:Bucket", before: { forceDestroy: true } }),
    "data-loss",
    "deletes the bucket; every object in it is deleted (`forceDestroy`)",
  ],
  [
    replace(
      changed("aws:s3/bucketV2:BucketV2", "bucket", { bucket: "a" }, { bucket: "b" }, "update-replace"),
    ),
    "data-loss",
    "replaces the bucket: `bucket` changed; its objects are lost; S3 refuses while it holds any",
  ],
  [
    remove({ type: "aws:kms/key:Key", before: {} }),
    "data-loss",
    "deletes the key; what it encrypted cannot be read any more once its waiting period is over",
  ],
  [
    replace(changed("aws:eks/cluster:Cluster", "name", { name: "a" }, { name: "b" }, "update-replace")),
    "data-loss",
    "replaces the cluster: `name` changed; everything on it goes, and has to be deployed again",
  ],
  [
    remove({ type: "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", before: {} }),
    "data-loss",
    "deletes the custom resource definition; every object of its kind is deleted with it",
  ],
  [
    update(
      changed(
        "aws:cloudwatch/logGroup:LogGroup",
        "retentionInDays",
        { retentionInDays: 90 },
        { retentionInDays: 7 },
      ),
    ),
    "data-loss",
    "changes the log group: `retentionInDays` changed; older logs go",
  ],
  [
    update(changed("aws:cloudwatch/logGroup:LogGroup", "retentionInDays", {}, { retentionInDays: 7 }, "add")),
    "data-loss",
    "changes the log group: `retentionInDays` changed; older logs go",
  ],
  [
    remove({
      type: "kubernetes:apps/v1:StatefulSet",
      before: { spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete" } } },
    }),
    "data-loss",
    "deletes the stateful set; its pods stop and its volume claims are deleted",
  ],
  // Interrupts traffic
  [
    remove({ type: "kubernetes:apps/v1:StatefulSet", before: {} }),
    "interruption",
    "deletes the stateful set; its pods stop; its volume claims stay",
  ],
  [
    replaceDeletedFirst(
      changed(
        DEPLOYMENT,
        "spec.selector.matchLabels.app",
        { spec: { selector: { matchLabels: { app: "a" } } } },
        { spec: { selector: { matchLabels: { app: "b" } } } },
        "update-replace",
      ),
    ),
    "interruption",
    "replaces the deployment: `spec.selector.matchLabels.app` changed; all its pods stop before the new ones start",
  ],
  [
    replace(
      changed(NODE_GROUP, "instanceTypes", group(["g6.xlarge"]), group(["g6.2xlarge"]), "update-replace"),
    ),
    "interruption",
    `replaces the GPU node group: \`instanceTypes\` changed; beside the new nodes the old ones go: ${DRAINED}`,
  ],
  [
    remove({ type: NODE_GROUP, before: group(["m7i.large"]) }),
    "interruption",
    `deletes the node group; ${DRAINED}`,
  ],
  [
    update(
      changed(
        SERVICE,
        "spec.selector.app",
        { spec: { selector: { app: "a" } } },
        { spec: { selector: { app: "b" } } },
      ),
    ),
    "interruption",
    "changes the service: `spec.selector.app` changed; traffic goes to other pods",
  ],
  [
    update(
      changed(
        "kubernetes:gateway.networking.k8s.io/v1:Gateway",
        "spec.listeners[0].tls.certificateRefs[0].name",
        { spec: { listeners: [{ tls: { certificateRefs: [{ name: "a" }] } }] } },
        { spec: { listeners: [{ tls: { certificateRefs: [{ name: "b" }] } }] } },
      ),
    ),
    "interruption",
    "changes the gateway: `spec.listeners[0].tls.certificateRefs[0].name` changed; clients are shown another certificate",
  ],
  [
    remove({ type: "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", before: {} }),
    "interruption",
    "deletes the route; requests through it find no way",
  ],
  [
    update(changed(DEPLOYMENT, "spec.replicas", deployment({ replicas: 2 }), deployment({ replicas: 0 }))),
    "interruption",
    "changes the deployment: `spec.replicas` changed; no pod is left",
  ],
  [
    rolls({ type: "Recreate" }),
    "interruption",
    `changes the deployment: \`${IMAGE}\` changed; all its pods stop before new ones start (\`Recreate\`)`,
  ],
  [
    rolls({ type: "RollingUpdate", rollingUpdate: { maxUnavailable: 2, maxSurge: 0 } }),
    "interruption",
    `changes the deployment: \`${IMAGE}\` changed; a rolling update may take all its pods away at once (\`maxUnavailable\`)`,
  ],
  // Kinds that no rule knows
  [
    remove({ type: "other:index/thing:Thing", before: {} }),
    "interruption",
    "deletes the thing; whatever uses it loses it",
  ],
  [
    replace(changed("other:index/thing:Thing", "size", { size: 1 }, { size: 2 }, "update-replace")),
    "interruption",
    "replaces the thing: `size` changed; the new one is made before the old one goes",
  ],
  [
    replaceDeletedFirst(
      changed("other:index/thing:Thing", "size", { size: 1 }, { size: 2 }, "update-replace"),
    ),
    "interruption",
    "replaces the thing: `size` changed; it is gone until the new one is there",
  ],
  [
    update(changed("other:index/thing:Thing", "roleArn", { roleArn: "a" }, { roleArn: "b" })),
    "access",
    "changes the thing: `roleArn` changed; changes who may do what",
  ],
  // Changes access
  [
    create({ type: "kubernetes:networking.k8s.io/v1:NetworkPolicy", after: { spec: {} } }),
    "access",
    "creates the network policy; changes which pods reach which",
  ],
  [
    remove({ type: "kubernetes:gateway.envoyproxy.io/v1alpha1:SecurityPolicy", before: {} }),
    "access",
    "deletes the security policy; changes who may call the route",
  ],
  [
    update(
      changed(
        "aws:iam/rolePolicy:RolePolicy",
        "policy",
        { policy: '{"Statement":[{"Action":"s3:GetObject"}]}' },
        { policy: '{"Statement":[{"Action":"s3:*"}]}' },
      ),
    ),
    "access",
    "changes the role policy: `policy.Statement[0].Action` changed; changes who may do what in the account",
  ],
  [
    create({ type: "aws:eks/accessEntry:AccessEntry", after: {} }),
    "access",
    "creates the access entry; changes who may do what in the account",
  ],
  [
    update(
      changed(
        DEPLOYMENT,
        "spec.template.spec.serviceAccountName",
        deployment({ replicas: 2 }, { serviceAccountName: "a" }),
        deployment({ replicas: 2 }, { serviceAccountName: "b" }),
      ),
    ),
    "access",
    "changes the deployment: `spec.template.spec.serviceAccountName` changed; its pods act as another account; " +
      "a rolling update replaces its pods, each once its successor is ready",
  ],
  // Costs more
  [
    update(changed(DEPLOYMENT, "spec.replicas", deployment({ replicas: 2 }), deployment({ replicas: 3 }))),
    "cost",
    "changes the deployment: `spec.replicas` changed; more pods",
  ],
  [
    update(
      changed(
        NODE_GROUP,
        "scalingConfig",
        { scalingConfig: { maxSize: 2 } },
        { scalingConfig: { maxSize: 5 } },
      ),
    ),
    "cost",
    "changes the node group: `scalingConfig.maxSize` changed; may have more nodes",
  ],
  [
    create({ type: "aws:ec2/natGateway:NatGateway", after: {} }),
    "cost",
    "creates the NAT gateway; it is paid by the hour and by the byte",
  ],
  // Harmless
  [
    update(changed(DEPLOYMENT, "spec.replicas", deployment({ replicas: 3 }), deployment({ replicas: 2 }))),
    "none",
    "changes the deployment: `spec.replicas` changed; fewer pods",
  ],
  [
    rolls({ type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }),
    "none",
    `changes the deployment: \`${IMAGE}\` changed; a rolling update replaces its pods, each once its successor is ready`,
  ],
  [
    rolls(undefined, 8),
    "none",
    `changes the deployment: \`${IMAGE}\` changed; a rolling update replaces its pods, at most 2 missing at a time`,
  ],
  [
    update(
      changed(
        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        "metadata.labels.team",
        { metadata: { labels: { team: "a" } } },
        { metadata: { labels: { team: "b" } } },
      ),
    ),
    "none",
    "changes the network policy: `metadata.labels.team` changed",
  ],
  [
    remove({ type: "kubernetes:core/v1:PersistentVolumeClaim", before: {}, retainOnDelete: true }),
    "none",
    "deletes the volume claim; it stays where it is; only the state forgets it",
  ],
  [
    remove({ type: "slipway:index:InferenceService", before: {}, provider: "" }),
    "none",
    "deletes the inference service; it only groups other resources",
  ],
  [create({ type: DEPLOYMENT, after: {} }), "none", "creates the deployment"],
];

describe("risk of a change", () => {
  for (const [events, risk, reason] of CASES) {
    it(`${risk}: ${reason}`, () => {
      const change = only(events);
      assert.deepEqual([change.risk, change.reason], [risk, reason]);
    });
  }

  it("is that of its worst property, which the reason names first", () => {
    const change = only(
      update({
        type: DEPLOYMENT,
        before: deployment({ replicas: 2 }, { ...image("a"), serviceAccountName: "a" }),
        after: deployment({ replicas: 3 }, { ...image("b"), serviceAccountName: "b" }),
      }),
    );
    assert.equal(
      change.reason,
      "changes the deployment: `spec.template.spec.serviceAccountName`, `spec.replicas` and " +
        "`spec.template.spec.containers[0].image` changed; its pods act as another account; more pods; " +
        "a rolling update replaces its pods, each once its successor is ready",
    );
    assert.deepEqual(
      change.properties.map(({ path, risk }) => [path, risk]),
      [
        ["spec.replicas", "cost"],
        ["spec.template.spec.containers[0].image", "none"],
        ["spec.template.spec.serviceAccountName", "access"],
      ],
    );
  });

  it("does not depend on the API version, nor on whether the object is only patched", () => {
    assert.equal(kindOf("kubernetes:apps/v1beta2:Deployment"), "kubernetes:apps/Deployment");
    assert.equal(kindOf("kubernetes:core/v1:ServicePatch"), "kubernetes:core/Service");
    assert.equal(kindOf("aws:eks/nodeGroup:NodeGroup"), "aws:eks/NodeGroup");
  });

  it("never is harmless for the deletion of a resource, whatever its type", () => {
    for (const type of [
      "",
      "a",
      "a:b",
      "a:b:c",
      "kubernetes:x/v1:constructor",
      "aws:__proto__/x:toString",
      "π:ø/å:Æ",
    ]) {
      assert.notEqual(only(remove({ type, before: {} })).risk, "none", type);
    }
  });
});
