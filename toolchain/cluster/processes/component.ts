import type { Progress } from "../../progress";
import type { Forwarding } from "../forwards";
import type { KubernetesApi } from "../kubernetes-api";
import type { Layout } from "../layout";
import type { ProcessSpec } from "../managed-process";
import type { Pki } from "../pki";

/** Where a program that the toolchain built or found lies. */
export interface ToolPaths {
  path(name: string): string;
}

/** What the components need to know to describe their processes. */
export interface ClusterContext {
  readonly layout: Layout;
  readonly pki: Pki;
  readonly tools: ToolPaths;
  readonly progress: Progress;
  readonly api: KubernetesApi;
  /** Reference of the image that holds a pod's namespaces open. */
  readonly pauseImage: string;
  /** etcd answers before its data is on disk: for tests, which lose nothing in a power cut. */
  readonly unsafeFsync: boolean;
  readonly forwardings: readonly Forwarding[];
}

/**
 * One process of the cluster. To add one, write such a function in a file of its own and name it in `../start.ts`.
 * It writes its configuration files and says what to run; a change of either restarts the process.
 */
export type Component = (context: ClusterContext) => ProcessSpec;
