import type * as k8s from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { BROKER_PATH } from "../../runtime/contract";
import { BROKER_FILES } from "./queue-environment";

/** Where the parts of a broker's access are kept; each undefined where it is not needed. */
export interface BrokerAccess {
  /** Secret with `username` and `password`. */
  readonly credentialsSecret?: pulumi.Input<string>;
  /** ConfigMap with `ca.crt`. */
  readonly caConfigMap?: pulumi.Input<string>;
  /** Secret with `tls.crt` and `tls.key`. */
  readonly certificateSecret?: pulumi.Input<string>;
}

type Volume = k8s.core.v1.Volume & { readonly name: string; readonly mountPath: string };

/** One volume of all that a worker shows to the brokers and checks them by; none where it shows and checks nothing. */
export function brokerVolumes(access: BrokerAccess): Volume[] {
  const { credentialsSecret, caConfigMap, certificateSecret } = access;
  const items = (...names: (keyof typeof BROKER_FILES)[]) =>
    names.map((name) => ({ key: BROKER_FILES[name], path: BROKER_FILES[name] }));
  const sources: k8s.core.v1.VolumeProjection[] = [
    ...(credentialsSecret === undefined
      ? []
      : [{ secret: { name: credentialsSecret, items: items("username", "password") } }]),
    ...(caConfigMap === undefined ? [] : [{ configMap: { name: caConfigMap, items: items("ca") } }]),
    ...(certificateSecret === undefined
      ? []
      : [{ secret: { name: certificateSecret, items: items("certificate", "key") } }]),
  ];
  if (sources.length === 0) return [];
  // 0440: the server's group may read them, nobody else.
  return [{ name: "broker", mountPath: BROKER_PATH, projected: { defaultMode: 0o440, sources } }];
}
