import { join } from "node:path";
import { kubeconfigFor } from "../kubeconfig";
import { writeIfChanged } from "../write-file";
import type { Component } from "./component";

export const kubeScheduler: Component = ({ layout, pki, tools }) => {
  const kubeconfig = join(layout.config, "kube-scheduler.kubeconfig");
  writeIfChanged(kubeconfig, kubeconfigFor(pki.ca, pki.scheduler, "system:kube-scheduler"), 0o600);
  return {
    name: "kube-scheduler",
    command: tools.path("kube-scheduler"),
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      "--bind-address=127.0.0.1",
      "--leader-elect=false",
      "--profiling=false",
    ],
    files: [kubeconfig],
  };
};
