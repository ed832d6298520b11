import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "../errors";
import { stateDir } from "../paths";

/** Unix socket addresses hold 107 bytes; the longest that is made below the state folder takes this many of them. */
const LONGEST_SOCKET_SUFFIX = "/cluster/kubelet/plugins_registry/slipway.sock".length;
const SOCKET_PATH_LIMIT = 107;

/** Where the files of the cluster lie. */
export interface Layout {
  /** Everything that outlives a reboot. */
  readonly root: string;
  readonly pki: string;
  /** Configuration files of the components. */
  readonly config: string;
  readonly logs: string;
  /** One file for each process that was started. */
  readonly records: string;
  readonly etcd: string;
  readonly registry: string;
  readonly containerd: string;
  readonly kubelet: string;
  readonly podLogs: string;
  readonly cni: string;
  /** The administrator's kubeconfig, for users. */
  readonly kubeconfig: string;
  /** Sockets and mounts of running containers; gone after a reboot. */
  readonly run: string;
  readonly containerdSocket: string;
}

export function layoutAt(state: string): Layout {
  if (state.length + LONGEST_SOCKET_SUFFIX > SOCKET_PATH_LIMIT) {
    throw new SlipwayError(
      `The state folder "${state}" has ${state.length} characters and may have ${SOCKET_PATH_LIMIT - LONGEST_SOCKET_SUFFIX}, ` +
        "because sockets lie below it: set SLIPWAY_STATE_DIR to a shorter path.",
    );
  }
  const root = join(state, "cluster");
  const run = "/run/slipway";
  return {
    root,
    pki: join(root, "pki"),
    config: join(root, "config"),
    logs: join(root, "logs"),
    records: join(root, "processes"),
    etcd: join(root, "etcd"),
    registry: join(root, "registry"),
    containerd: join(root, "containerd"),
    kubelet: join(root, "kubelet"),
    podLogs: join(root, "pod-logs"),
    cni: join(root, "cni"),
    kubeconfig: join(root, "kubeconfig"),
    run,
    containerdSocket: join(run, "containerd.sock"),
  };
}

/** The layout under the user's state folder. */
export function clusterLayout(): Layout {
  return layoutAt(stateDir());
}

/** Makes the folders; private ones readable by the owner alone. */
export function createFolders(layout: Layout): void {
  mkdirSync(layout.root, { recursive: true, mode: 0o700 });
  for (const dir of [layout.pki, layout.config, layout.records, layout.etcd]) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  }
  for (const dir of [
    layout.logs,
    layout.registry,
    layout.containerd,
    layout.kubelet,
    layout.podLogs,
    layout.cni,
  ]) {
    mkdirSync(dir, { recursive: true });
  }
  mkdirSync(layout.run, { recursive: true, mode: 0o700 });
}
