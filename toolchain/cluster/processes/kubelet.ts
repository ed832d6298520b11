import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { kubeconfigFor } from "../kubeconfig";
import type { Layout } from "../layout";
import type { Pki } from "../pki";
import { CGROUP_ROOT, CLUSTER_DOMAIN, DNS_IP, NODE_IP, NODE_NAME } from "../settings";
import { writeIfChanged } from "../write-file";
import type { Component } from "./component";

/** What pods inherit as resolver when they ask for the node's: nothing, the node has no way to the outside. */
const RESOLVER = "# The embedded cluster resolves its own names only.\n";

export const kubelet: Component = ({ layout, pki, tools }) => {
  const kubeconfig = join(layout.config, "kubelet.kubeconfig");
  const config = join(layout.config, "kubelet.yaml");
  writeIfChanged(kubeconfig, kubeconfigFor(pki.ca, pki.kubeletClient, `system:node:${NODE_NAME}`), 0o600);
  writeIfChanged(join(layout.config, "resolv.conf"), RESOLVER);
  writeIfChanged(config, stringify(kubeletConfiguration(layout, pki)));
  mkdirSync(join(layout.kubelet, "volume-plugins"), { recursive: true });
  return {
    name: "kubelet",
    command: tools.path("kubelet"),
    args: [
      `--config=${config}`,
      `--kubeconfig=${kubeconfig}`,
      `--root-dir=${layout.kubelet}`,
      `--hostname-override=${NODE_NAME}`,
      `--node-ip=${NODE_IP}`,
    ],
    files: [config, kubeconfig, pki.kubeletServer.certPath, pki.ca.certPath],
  };
};

export function kubeletConfiguration(layout: Layout, pki: Pki): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    containerRuntimeEndpoint: `unix://${layout.containerdSocket}`,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: pki.ca.certPath },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: pki.kubeletServer.certPath,
    tlsPrivateKeyFile: pki.kubeletServer.keyPath,
    readOnlyPort: 0,
    clusterDNS: [DNS_IP],
    clusterDomain: CLUSTER_DOMAIN,
    resolvConf: join(layout.config, "resolv.conf"),
    // Works with and without systemd, and on cgroups of version 1 and 2.
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${CGROUP_ROOT}`,
    failCgroupV1: false,
    enforceNodeAllocatable: [],
    failSwapOn: false,
    // The disk is the user's own, and its other content must not evict pods or images.
    evictionHard: {
      "memory.available": "100Mi",
      "nodefs.available": "1%",
      "nodefs.inodesFree": "1%",
      "imagefs.available": "1%",
    },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    serializeImagePulls: false,
    maxParallelImagePulls: 3,
    registryPullQPS: 0,
    podLogsDir: layout.podLogs,
    containerLogMaxSize: "10Mi",
    containerLogMaxFiles: 2,
    volumePluginDir: join(layout.kubelet, "volume-plugins"),
  };
}
