import { join } from "node:path";
import { stringify } from "yaml";
import { kubeconfigFor } from "../kubeconfig";
import { NODE_NAME, POD_CIDR } from "../settings";
import { writeIfChanged } from "../write-file";
import type { Component } from "./component";

export const kubeProxy: Component = ({ layout, pki, tools }) => {
  const kubeconfig = join(layout.config, "kube-proxy.kubeconfig");
  const config = join(layout.config, "kube-proxy.yaml");
  writeIfChanged(kubeconfig, kubeconfigFor(pki.ca, pki.kubeProxy, "system:kube-proxy"), 0o600);
  writeIfChanged(config, stringify(kubeProxyConfiguration(kubeconfig)));
  return {
    name: "kube-proxy",
    command: tools.path("kube-proxy"),
    args: [`--config=${config}`],
    files: [config, kubeconfig],
  };
};

export function kubeProxyConfiguration(kubeconfig: string): object {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    clientConnection: { kubeconfig },
    mode: "iptables",
    clusterCIDR: POD_CIDR,
    hostnameOverride: NODE_NAME,
    // These limits belong to the whole machine; outside its first network namespace they cannot be set.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    iptables: { minSyncPeriod: "100ms", localhostNodePorts: false },
    healthzBindAddress: "127.0.0.1:10256",
    metricsBindAddress: "127.0.0.1:10249",
  };
}
