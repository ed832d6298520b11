import type { Gate, Slot, Strategy } from "./declaration";
import type { TrafficState } from "./traffic-state";

/** A slot as the stack's output `rollouts` tells of it. */
export interface PublishedSlot {
  /** Name of its Kubernetes Service, and of its Deployment, unless that has a name of its own. */
  readonly service: string;
  readonly deployment?: string;
  /** Digest of the server's image, `sha256:…`. */
  readonly digest: string;
  readonly models: readonly { readonly name: string; readonly version: string; readonly sha256: string }[];
}

/** An entry of the stack's output `rollouts`: everything that the command line needs to watch and move a service's traffic. */
export interface PublishedRollout {
  readonly name: string;
  readonly namespace: string;
  readonly driver: "pulumi" | "flagger";
  /** With every default filled in. */
  readonly strategy: Strategy;
  readonly gates: readonly Gate[];
  /** What this update declared; the cluster may be ahead of it for the moments of a switch. */
  readonly traffic: TrafficState;
  /** A service may start with one slot; the other is filled when there is a candidate. */
  readonly slots: Readonly<Partial<Record<Slot, PublishedSlot>>>;
  /** Names of the objects whose backends carry the weights. */
  readonly routes: { readonly http: readonly string[]; readonly grpc: readonly string[] };
  /** ConfigMap with the audit record. */
  readonly record: string;
  /** Hash of the record's last entry when this update ran; empty where nothing has been switched yet. */
  readonly recordHead: string;
  /** UID of the namespace `kube-system` of the cluster that held that entry; undefined where it was not told. */
  readonly recordCluster?: string;
}
