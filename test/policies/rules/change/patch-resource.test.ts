import { patchResource } from "../../../../policies/rules/change/patch-resource";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const patch = (type: string, props: Record<string, unknown> = {}) =>
  put("patch", `kubernetes:${type}`, { metadata: { name: "text", namespace: "team" }, ...props });
const privileged = { containers: [{ name: "server", securityContext: { privileged: true } }] };

describeRule(patchResource, {
  good: {
    "a kind with such a name inside": patch("gateway.envoyproxy.io/v1alpha1:EnvoyPatchPolicy", { spec: {} }),
  },
  bad: {
    "of a Deployment": patch("apps/v1:DeploymentPatch", { spec: { template: { spec: privileged } } }),
    "of a binding": patch("rbac.authorization.k8s.io/v1:ClusterRoleBindingPatch", {
      roleRef: { kind: "ClusterRole", name: "cluster-admin", apiGroup: "rbac.authorization.k8s.io" },
    }),
    "of the core group": patch("core/v1:ServiceAccountPatch"),
  },
  partial: { "labels only": patch("core/v1:NamespacePatch", { metadata: { labels: { a: "b" } } }) },
  wrongType: { "a text": patch("apps/v1:DeploymentPatch", { spec: "text" }) },
  unknown: { none: "the type alone says it, and a type is always known" },
});
