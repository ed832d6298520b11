import { join } from "node:path";
import { kubeconfigFor } from "../kubeconfig";
import { POD_CIDR, SERVICE_CIDR } from "../settings";
import { writeIfChanged } from "../write-file";
import type { Component } from "./component";

export const kubeControllerManager: Component = ({ layout, pki, tools }) => {
  const kubeconfig = join(layout.config, "kube-controller-manager.kubeconfig");
  writeIfChanged(
    kubeconfig,
    kubeconfigFor(pki.ca, pki.controllerManager, "system:kube-controller-manager"),
    0o600,
  );
  return {
    name: "kube-controller-manager",
    command: tools.path("kube-controller-manager"),
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      "--bind-address=127.0.0.1",
      "--leader-elect=false",
      "--profiling=false",
      "--use-service-account-credentials=true",
      `--root-ca-file=${pki.ca.certPath}`,
      `--service-account-private-key-file=${pki.serviceAccount.keyPath}`,
      `--cluster-signing-cert-file=${pki.ca.certPath}`,
      `--cluster-signing-key-file=${pki.ca.keyPath}`,
      `--cluster-cidr=${POD_CIDR}`,
      `--service-cluster-ip-range=${SERVICE_CIDR}`,
      // The one node carries the address range that its CNI configuration gives it.
      "--allocate-node-cidrs=false",
    ],
    files: [kubeconfig, pki.ca.certPath, pki.serviceAccount.keyPath],
  };
};
