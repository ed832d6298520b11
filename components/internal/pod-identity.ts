import type * as k8s from "@pulumi/kubernetes/types/input";

/** Where a node's agent gives the pods of an EKS cluster their credentials. */
export const AGENT_ADDRESS = "169.254.170.23";

/**
 * What EKS' webhook gives pods, under the same names, so that it adds nothing twice. It gives it to pods that are made some
 * seconds after the association at the earliest, and never to those that were made before: the first pods of a service would
 * stay without credentials (aws/amazon-eks-pod-identity-webhook#264).
 */
export const IDENTITY_TOKEN = {
  volume: "eks-pod-identity-token",
  mountPath: "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount",
  file: "eks-pod-identity-token",
  audience: "pods.eks.amazonaws.com",
} as const;

/** By which AWS' libraries find the agent, and what they show it. */
export const IDENTITY_ENVIRONMENT = {
  AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://${AGENT_ADDRESS}/v1/credentials`,
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: `${IDENTITY_TOKEN.mountPath}/${IDENTITY_TOKEN.file}`,
} as const;

/** Seconds that a token is good for; the kubelet renews it well before. */
const TOKEN_LIFETIME = 3600;

/** A short-lived token of a pod's service account, for one audience. */
interface TokenFile {
  readonly volume: string;
  readonly file: string;
  readonly audience: string;
}

export function tokenVolume({ volume, file, audience }: TokenFile) {
  const serviceAccountToken = { audience, path: file, expirationSeconds: TOKEN_LIFETIME };
  return { name: volume, projected: { sources: [{ serviceAccountToken }] } } satisfies k8s.core.v1.Volume;
}

export function tokenMount({ volume, mountPath }: { readonly volume: string; readonly mountPath: string }) {
  return { name: volume, mountPath, readOnly: true } satisfies k8s.core.v1.VolumeMount;
}
