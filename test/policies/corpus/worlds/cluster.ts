import type { Declared, World } from "../model";
import { deployment, inTeam, k8s, surroundings } from "./kubernetes";

const RBAC = "rbac.authorization.k8s.io/v1";

/** A role with its binding in a namespace. */
export function role(): World {
  return {
    resources: {
      role: k8s(`${RBAC}:Role`, {
        metadata: inTeam("reader"),
        rules: [{ apiGroups: [""], resources: ["configmaps"], resourceNames: ["shop"], verbs: ["get"] }],
      }),
      binding: k8s(`${RBAC}:RoleBinding`, {
        metadata: inTeam("reader"),
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" },
        subjects: [{ kind: "ServiceAccount", name: "shop", namespace: "team" }],
      }),
      ...surroundings(),
    },
    aliases: { rule: "role.rules.0" },
  };
}

/** A role of the whole cluster with its binding. */
export function clusterRole(): World {
  return {
    resources: {
      role: k8s(`${RBAC}:ClusterRole`, {
        metadata: { name: "watcher" },
        rules: [{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["get", "list", "watch"] }],
      }),
      binding: k8s(`${RBAC}:ClusterRoleBinding`, {
        metadata: { name: "watcher" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "watcher" },
        subjects: [{ kind: "ServiceAccount", name: "shop", namespace: "team" }],
      }),
      ...surroundings(),
    },
    aliases: { rule: "role.rules.0" },
  };
}

/** A namespace with a workload in it; the namespace is what it is about. */
export function namespace(): World {
  const { namespace: first, ...others } = deployment().resources;
  return { resources: { namespace: first!, ...others } };
}

/** A service of a workload; the service is what it is about. */
export function service(): World {
  const { service: first, ...others } = deployment().resources;
  return { resources: { service: first!, ...others } };
}

export function balancer(): World {
  const { service: own, ...others } = service().resources;
  const spec = own!.props.spec as Record<string, unknown>;
  const annotations = {
    "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
    "service.beta.kubernetes.io/aws-load-balancer-ssl-ports": "443",
  };
  return {
    resources: {
      service: k8s("core/v1:Service", {
        metadata: { ...inTeam("shop"), annotations },
        spec: {
          ...spec,
          type: "LoadBalancer",
          loadBalancerSourceRanges: ["10.0.0.0/8"],
          ports: [{ name: "https", port: 443, targetPort: 8443 }],
        },
      }),
      ...others,
    },
  };
}

export function ingress(): World {
  const own: Declared = k8s("networking.k8s.io/v1:Ingress", {
    metadata: inTeam("shop"),
    spec: {
      ingressClassName: "nginx",
      tls: [{ hosts: ["shop.example"], secretName: "shop-tls" }],
      rules: [
        {
          host: "shop.example",
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: "shop", port: { number: 8080 } } },
              },
            ],
          },
        },
      ],
    },
  });
  return { resources: { ingress: own, ...deployment().resources } };
}

const EBS: Readonly<Record<string, unknown>> = {
  metadata: { name: "fast" },
  provisioner: "ebs.csi.aws.com",
  parameters: { type: "gp3", encrypted: "true", kmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/a" },
  volumeBindingMode: "WaitForFirstConsumer",
  allowVolumeExpansion: true,
};

export const storageClass = (): World => ({
  resources: { storage: k8s("storage.k8s.io/v1:StorageClass", { ...EBS }) },
});
