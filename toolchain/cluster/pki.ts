import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureAuthority, ensureLeaf, type Credential, type LeafRequest } from "./certificates";
import { API_SERVICE_IP, CLUSTER_DOMAIN, NODE_IP, NODE_NAME } from "./settings";
import { writeIfChanged } from "./write-file";

export interface Pki {
  readonly ca: Credential;
  readonly frontProxyCa: Credential;
  readonly etcdCa: Credential;
  readonly etcdServer: Credential;
  readonly etcdClient: Credential;
  readonly apiServer: Credential;
  readonly apiServerKubelet: Credential;
  readonly frontProxyClient: Credential;
  readonly kubeletClient: Credential;
  readonly kubeletServer: Credential;
  readonly controllerManager: Credential;
  readonly scheduler: Credential;
  readonly kubeProxy: Credential;
  readonly networkPolicy: Credential;
  readonly metricsServer: Credential;
  readonly admin: Credential;
  /** Signs service account tokens; kept when certificates are renewed, so that tokens stay valid. */
  readonly serviceAccount: { readonly keyPath: string; readonly publicKeyPath: string };
}

/** Loads the cluster's certificates from `dir`, making those that are missing, broken or near their end. */
export async function ensurePki(dir: string, now = new Date()): Promise<Pki> {
  const ca = await ensureAuthority(dir, "ca", "slipway-ca", now);
  const frontProxyCa = await ensureAuthority(dir, "front-proxy-ca", "slipway-front-proxy-ca", now);
  const etcdCa = await ensureAuthority(dir, "etcd-ca", "slipway-etcd-ca", now);
  const leaf = (request: LeafRequest) => ensureLeaf(dir, request, now);
  const client = (name: string, commonName: string, organization?: string, issuer = ca) =>
    leaf({ name, ca: issuer, commonName, organization, usages: ["client"] });
  return {
    ca,
    frontProxyCa,
    etcdCa,
    etcdServer: await leaf({
      name: "etcd-server",
      ca: etcdCa,
      commonName: "etcd",
      usages: ["server", "client"],
      dns: ["localhost"],
      ips: ["127.0.0.1", NODE_IP],
    }),
    etcdClient: await client("etcd-client", "kube-apiserver", undefined, etcdCa),
    apiServer: await leaf({
      name: "apiserver",
      ca,
      commonName: "kube-apiserver",
      usages: ["server"],
      dns: ["localhost", NODE_NAME, ...serviceNames("kubernetes", "default")],
      ips: ["127.0.0.1", NODE_IP, API_SERVICE_IP],
    }),
    apiServerKubelet: await client("apiserver-kubelet", "slipway-apiserver-kubelet", "system:masters"),
    frontProxyClient: await client("front-proxy-client", "front-proxy-client", undefined, frontProxyCa),
    kubeletClient: await client("kubelet-client", `system:node:${NODE_NAME}`, "system:nodes"),
    kubeletServer: await leaf({
      name: "kubelet-server",
      ca,
      commonName: `system:node:${NODE_NAME}`,
      organization: "system:nodes",
      usages: ["server"],
      dns: [NODE_NAME],
      ips: [NODE_IP],
    }),
    controllerManager: await client("controller-manager", "system:kube-controller-manager"),
    scheduler: await client("scheduler", "system:kube-scheduler"),
    kubeProxy: await client("kube-proxy", "system:kube-proxy"),
    networkPolicy: await client("network-policy", "slipway:network-policy"),
    metricsServer: await leaf({
      name: "metrics-server",
      ca,
      commonName: "metrics-server",
      usages: ["server"],
      dns: serviceNames("metrics-server", "kube-system"),
    }),
    admin: await client("admin", "slipway-admin", "system:masters"),
    serviceAccount: ensureServiceAccountKey(dir),
  };
}

function serviceNames(service: string, namespace: string): string[] {
  const short = `${service}.${namespace}`;
  return [service, short, `${short}.svc`, `${short}.svc.${CLUSTER_DOMAIN}`];
}

function ensureServiceAccountKey(dir: string): Pki["serviceAccount"] {
  const keyPath = join(dir, "service-account.key");
  const publicKeyPath = join(dir, "service-account.pub");
  if (!existsSync(keyPath)) {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    writeIfChanged(keyPath, privateKey.export({ type: "pkcs8", format: "pem" }).toString(), 0o600);
  }
  const publicKey = createPublicKey(readFileSync(keyPath, "utf8"));
  writeIfChanged(publicKeyPath, publicKey.export({ type: "spki", format: "pem" }).toString());
  return { keyPath, publicKeyPath };
}
