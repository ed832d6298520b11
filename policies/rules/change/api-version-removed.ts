import type { ResourceRule } from "../../model/rule";
import { kubernetesKind } from "../../model/subject";

/**
 * Versions of built-in APIs that Kubernetes serves no more: the release that took them out, and what came in their place.
 * From https://github.com/FairwindsOps/pluto/blob/dd5ec8cccce5e42dfe8054b8250baa35546056a0/versions.yaml (2026-04-27), which
 * lists what https://kubernetes.io/docs/reference/using-api/deprecation-guide/ says.
 */
const REMOVED: Readonly<Record<string, readonly [release: string, instead: string]>> = {
  "extensions/v1beta1:Deployment": ["1.16", "apps/v1"],
  "extensions/v1beta1:DaemonSet": ["1.16", "apps/v1"],
  "extensions/v1beta1:ReplicaSet": ["1.16", "apps/v1"],
  "extensions/v1beta1:NetworkPolicy": ["1.16", "networking.k8s.io/v1"],
  "extensions/v1beta1:PodSecurityPolicy": ["1.16", "Pod Security admission"],
  "extensions/v1beta1:Ingress": ["1.22", "networking.k8s.io/v1"],
  "apps/v1beta1:Deployment": ["1.16", "apps/v1"],
  "apps/v1beta1:StatefulSet": ["1.16", "apps/v1"],
  "apps/v1beta2:Deployment": ["1.16", "apps/v1"],
  "apps/v1beta2:StatefulSet": ["1.16", "apps/v1"],
  "apps/v1beta2:DaemonSet": ["1.16", "apps/v1"],
  "apps/v1beta2:ReplicaSet": ["1.16", "apps/v1"],
  "networking.k8s.io/v1beta1:Ingress": ["1.22", "networking.k8s.io/v1"],
  "networking.k8s.io/v1beta1:IngressClass": ["1.22", "networking.k8s.io/v1"],
  "rbac.authorization.k8s.io/v1beta1:Role": ["1.22", "rbac.authorization.k8s.io/v1"],
  "rbac.authorization.k8s.io/v1beta1:ClusterRole": ["1.22", "rbac.authorization.k8s.io/v1"],
  "rbac.authorization.k8s.io/v1beta1:RoleBinding": ["1.22", "rbac.authorization.k8s.io/v1"],
  "rbac.authorization.k8s.io/v1beta1:ClusterRoleBinding": ["1.22", "rbac.authorization.k8s.io/v1"],
  "admissionregistration.k8s.io/v1beta1:MutatingWebhookConfiguration": [
    "1.22",
    "admissionregistration.k8s.io/v1",
  ],
  "admissionregistration.k8s.io/v1beta1:ValidatingWebhookConfiguration": [
    "1.22",
    "admissionregistration.k8s.io/v1",
  ],
  "apiextensions.k8s.io/v1beta1:CustomResourceDefinition": ["1.22", "apiextensions.k8s.io/v1"],
  "certificates.k8s.io/v1beta1:CertificateSigningRequest": ["1.22", "certificates.k8s.io/v1"],
  "scheduling.k8s.io/v1beta1:PriorityClass": ["1.22", "scheduling.k8s.io/v1"],
  "storage.k8s.io/v1beta1:StorageClass": ["1.22", "storage.k8s.io/v1"],
  "storage.k8s.io/v1beta1:CSIDriver": ["1.22", "storage.k8s.io/v1"],
  "batch/v1beta1:CronJob": ["1.25", "batch/v1"],
  "discovery.k8s.io/v1beta1:EndpointSlice": ["1.25", "discovery.k8s.io/v1"],
  "policy/v1beta1:PodDisruptionBudget": ["1.25", "policy/v1"],
  "policy/v1beta1:PodSecurityPolicy": ["1.25", "Pod Security admission"],
  "node.k8s.io/v1beta1:RuntimeClass": ["1.25", "node.k8s.io/v1"],
  "autoscaling/v2beta1:HorizontalPodAutoscaler": ["1.25", "autoscaling/v2"],
  "autoscaling/v2beta2:HorizontalPodAutoscaler": ["1.26", "autoscaling/v2"],
  "flowcontrol.apiserver.k8s.io/v1beta2:FlowSchema": ["1.29", "flowcontrol.apiserver.k8s.io/v1"],
  "flowcontrol.apiserver.k8s.io/v1beta3:FlowSchema": ["1.32", "flowcontrol.apiserver.k8s.io/v1"],
};

export const apiVersionRemoved: ResourceRule = {
  id: "api-version-removed",
  title: "Objects are of a version of the API that is still served",
  severity: "high",
  description:
    "A cluster that is newer refuses the object, and one that is older cannot be upgraded while it is there. The table is taken from Pluto (https://github.com/FairwindsOps/pluto, versions.yaml) as of 2026-04-27.",
  remediation: 'new k8s.policy.v1.PodDisruptionBudget(name, { … }) // apiVersion: "policy/v1"',
  types: [
    ...new Set(
      Object.keys(REMOVED).map((key) => {
        const [group = "", kind = ""] = key.split(/\/v\d\w*:/);
        return `kubernetes:${group}/*:${kind}`;
      }),
    ),
  ],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    if (!kubernetesKind(subject.type)) return;
    const found = REMOVED[subject.type.slice("kubernetes:".length)];
    if (found)
      verdict.fail(
        subject,
        `is of an API that Kubernetes ${found[0]} took out: take ${found[1]} in its place.`,
      );
  },
};
