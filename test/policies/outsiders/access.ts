import { from, type TwinData } from "../corpus/model";
import { clusterRole, ingress, role } from "../corpus/worlds/cluster";
import { gateway } from "../corpus/worlds/gateway";
import { inTeam, k8s } from "../corpus/worlds/kubernetes";

const may = (apiGroup: string, resources: readonly string[], verbs: readonly string[]) => [
  { apiGroups: [apiGroup], resources, verbs },
];

/** An ingress with the configuration of its controller beside it. */
const controller = () => {
  const { resources } = ingress();
  return {
    resources: {
      settings: k8s("core/v1:ConfigMap", {
        metadata: inTeam("ingress-nginx-controller"),
        data: { "allow-snippet-annotations": "false", "annotations-risk-level": "Medium" },
      }),
      endpoints: k8s("discovery.k8s.io/v1:EndpointSlice", {
        metadata: { ...inTeam("outside"), labels: { "kubernetes.io/service-name": "outside" } },
        addressType: "IPv4",
        endpoints: [{ addresses: ["10.1.2.3"] }],
        ports: [{ name: "https", port: 443, protocol: "TCP" }],
      }),
      ...resources,
    },
  };
};

export const outsideAccess: readonly TwinData[] = [
  ...from("Kubescape", [
    [
      "C-0007 Roles with delete capabilities",
      "a role that deletes every volume claim and workload at once",
      clusterRole,
      {
        "role.rules": [
          ...may("apps", ["deployments", "statefulsets"], ["deletecollection"]),
          ...may("", ["persistentvolumeclaims"], ["deletecollection"]),
        ],
      },
    ],
    [
      "C-0031 Delete Kubernetes events",
      "a role that deletes events",
      role,
      { "role.rules": may("", ["events"], ["get", "delete"]) },
    ],
    [
      "C-0037 CoreDNS poisoning",
      "a role that writes the cluster's names",
      role,
      {
        "role.metadata.namespace": "kube-system",
        "binding.metadata.namespace": "kube-system",
        "role.rules": may("", ["configmaps"], ["get", "update", "patch"]),
      },
      {
        good: {
          "role.metadata.namespace": "kube-system",
          "binding.metadata.namespace": "kube-system",
          "role.rules": may("", ["configmaps"], ["get"]),
        },
      },
    ],
    [
      "C-0063 Portforwarding privileges",
      "a role that forwards ports of pods",
      role,
      { "role.rules": may("", ["pods/portforward"], ["create"]) },
    ],
    [
      "C-0298 Dangling ingress backend",
      "an ingress to a service that is not there",
      ingress,
      { "ingress.spec.rules.0.http.paths.0.backend.service.name": "shp" },
    ],
    [
      "C-0302 Dangling gateway backend",
      "a route to a service that is not there",
      gateway,
      { "route.spec.rules.0.backendRefs.0.name": "shp" },
    ],
  ]),
  ...from("Datree", [
    [
      "INGRESS_INCORRECT_HOST_VALUE_PERMISSIVE",
      "an ingress for every host",
      ingress,
      { "ingress.spec.rules.0.host": undefined },
    ],
    [
      "CONFIGMAP_CVE2021_25742_INCORRECT_SNIPPET_ANNOTATIONS_VALUE",
      "snippets in annotations allowed for the controller",
      controller,
      { "settings.data.allow-snippet-annotations": "true" },
    ],
    [
      "ENDPOINTSLICE_CVE2021_25373_INCORRECT_ADDRESSES_VALUE",
      "endpoints on the nodes themselves",
      controller,
      { "endpoints.endpoints": [{ addresses: ["127.0.0.1"] }] },
    ],
  ]),
  ...from("Polaris", [
    [
      "rolePodExecAttach",
      "a role that attaches to pods",
      role,
      { "role.rules": may("", ["pods/attach"], ["create"]) },
    ],
  ]),
  ...from("Trivy", [
    [
      "KCV-0093 Insecure ingress-nginx annotations",
      "an annotation with a line break in it",
      ingress,
      {
        "ingress.metadata.annotations": {
          "nginx.ingress.kubernetes.io/auth-url": "https://login.example/\nssl_engine x;",
        },
      },
      {
        good: {
          "ingress.metadata.annotations": {
            "nginx.ingress.kubernetes.io/auth-url": "https://login.example/",
          },
        },
      },
    ],
    [
      "KSV-0042 Delete pod logs",
      "a role that deletes logs",
      role,
      { "role.rules": may("", ["pods/log"], ["get", "delete"]) },
    ],
    [
      "KSV-0048 Update a malicious pod",
      "a role that changes what runs on every node",
      clusterRole,
      { "role.rules": may("apps", ["daemonsets"], ["get", "patch"]) },
    ],
    [
      "KSV-0049 Manage configmaps",
      "a role that writes every ConfigMap",
      role,
      { "role.rules": may("", ["configmaps"], ["create", "update", "delete"]) },
    ],
    [
      "KSV-0050 Manage Kubernetes RBAC resources",
      "a role that changes roles",
      role,
      { "role.rules": may("rbac.authorization.k8s.io", ["roles"], ["get", "update", "patch"]) },
    ],
    [
      "KSV-0056 Manage Kubernetes networking",
      "a role that changes services and network policies",
      clusterRole,
      {
        "role.rules": [
          ...may("", ["services", "endpoints"], ["create", "update"]),
          ...may("networking.k8s.io", ["networkpolicies", "ingresses"], ["update", "delete"]),
        ],
      },
    ],
    [
      "KSV-0115 Manage the EKS IAM auth ConfigMap",
      "a role that writes who may enter the cluster",
      role,
      {
        "role.metadata.namespace": "kube-system",
        "binding.metadata.namespace": "kube-system",
        "role.rules": [
          {
            apiGroups: [""],
            resources: ["configmaps"],
            resourceNames: ["aws-auth"],
            verbs: ["get", "update"],
          },
        ],
      },
      {
        good: {
          "role.metadata.namespace": "kube-system",
          "binding.metadata.namespace": "kube-system",
          "role.rules": [
            { apiGroups: [""], resources: ["configmaps"], resourceNames: ["aws-auth"], verbs: ["get"] },
          ],
        },
      },
    ],
  ]),
];
