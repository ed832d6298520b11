import { put } from "../../support/edits";
import type { Edit } from "../../support/edits";

/** A ListenerSet `set` that adds one listener to the gateway of the good world. */
export const listenerSet = (listener: Readonly<Record<string, unknown>>): Edit =>
  put("set", "kubernetes:gateway.networking.k8s.io/v1:ListenerSet", {
    metadata: { name: "set", namespace: "team" },
    spec: {
      parentRef: { name: "gateway" },
      listeners: [
        { port: 8443, protocol: "HTTPS", tls: { certificateRefs: [{ name: "tls" }] }, ...listener },
      ],
    },
  });
