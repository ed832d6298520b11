import { readFileSync } from "node:fs";
import { messageOf, SlipwayError } from "../../toolchain/errors";
import { Connection } from "../../toolchain/plugins/kubernetes/client/connection";
import {
  ambientKubeconfig,
  readKubeconfig,
  selectTarget,
  type Target,
} from "../../toolchain/plugins/kubernetes/client/kubeconfig";
import { requireSession } from "../local-session";
import { TrafficCluster } from "../rollout/kubernetes";
import { askReplicas, type ServiceDrift } from "./ask-replicas";
import { PodDoor } from "./pod-door";
import { podsOf } from "./service-pods";

/** Where the service is. */
export interface ServicePlace {
  readonly namespace?: string;
  readonly context?: string;
  /** PEM file of the authority that signed the servers' certificates; the local stack's where it is left out. */
  readonly ca?: string;
}

/** Asks all replicas of a service of the local stack, or of the cluster that the kubeconfig names where `ca` is given. */
export async function driftOf(service: string, place: ServicePlace): Promise<ServiceDrift> {
  const { target, ca } = open(place);
  const connection = new Connection(target);
  try {
    const pods = await podsOf(new TrafficCluster(connection), service, place.namespace);
    return await askReplicas(new PodDoor(target, ca), service, pods);
  } finally {
    connection.close();
  }
}

function open({ context, ca }: ServicePlace): { target: Target; ca: string } {
  const session =
    ca === undefined
      ? requireSession(", and `--ca` names the certificate authority of another, its output `caCertificate`")
      : undefined;
  const file = session ? readKubeconfig(session.kubeconfig) : ambientKubeconfig();
  if (!file) throw new SlipwayError("there is no kubeconfig; set KUBECONFIG to one");
  try {
    const target = selectTarget(file, { context: context ?? session?.context });
    return { target, ca: readFileSync(ca ?? session!.caCertificate, "utf8") };
  } catch (error) {
    throw new SlipwayError(messageOf(error).replace(/\.$/, ""), 64);
  }
}
