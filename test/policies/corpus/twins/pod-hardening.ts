import { from, type TwinData } from "../model";
import { cronJob, deployment, job, pod, replicaSet, statefulSet } from "../worlds/kubernetes";
const SECURITY = "securityContext";

export const podHardening: readonly TwinData[] = [
  ...from("Checkov", [
    [
      "CKV_K8S_30",
      "a container without a security context",
      deployment,
      { [`second.${SECURITY}`]: undefined },
    ],
    [
      "CKV_K8S_22",
      "a root file system that can be written",
      deployment,
      { [`c.${SECURITY}.readOnlyRootFilesystem`]: false },
    ],
    [
      "CKV_K8S_22",
      "nothing said of the root file system",
      cronJob,
      { [`second.${SECURITY}.readOnlyRootFilesystem`]: undefined },
    ],
    [
      "CKV_K8S_38",
      "a token mounted that nothing needs",
      deployment,
      { "pod.automountServiceAccountToken": true },
    ],
    [
      "CKV_K8S_38",
      "nothing said of the token, by pod or account",
      statefulSet,
      { "pod.automountServiceAccountToken": undefined, "account.automountServiceAccountToken": undefined },
      { good: { "account.automountServiceAccountToken": undefined } },
    ],
    [
      "CKV_K8S_27",
      "the socket of containerd",
      cronJob,
      {
        "pod.volumes.1": {
          name: "socket",
          hostPath: { path: "/run/containerd/containerd.sock", type: "Socket" },
        },
      },
    ],
    ["CKV_K8S_37", "capabilities without a drop", replicaSet, { [`c.${SECURITY}.capabilities`]: {} }],
  ]),
  ...from("NSA/CISA Kubernetes Hardening", [
    ["Non-root containers", "user 0 as a text", deployment, { [`c.${SECURITY}.runAsUser`]: "0" }],
    [
      "Immutable container file systems",
      "a root file system read-only by a text",
      deployment,
      { [`c.${SECURITY}.readOnlyRootFilesystem`]: "true" },
    ],
    [
      "Protecting Pod service account tokens",
      "the default account",
      job,
      { "pod.serviceAccountName": "default" },
    ],
    ["Protecting Pod service account tokens", "no account", pod, { "pod.serviceAccountName": undefined }],
  ]),
];
