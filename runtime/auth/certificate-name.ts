import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";

/** By connection: a certificate is parsed once, not for every request. */
const names = new WeakMap<Socket, string | undefined>();

/** Common name of the certificate that the client proved; undefined without one, or where it is not by `--tls-client-ca`. */
export function certificateName(socket: Socket): string | undefined {
  if (names.has(socket)) return names.get(socket);
  const name = nameOf(socket as Partial<TLSSocket>);
  names.set(socket, name);
  return name;
}

function nameOf(socket: Partial<TLSSocket>): string | undefined {
  // Without `--tls-client-ca` no certificate was asked for, and Node says "not authorized".
  if (socket.authorized !== true) return undefined;
  return commonNameOf(socket.getPeerCertificate?.());
}

/** Also for the certificate that gRPC's library hands out. */
export function commonNameOf(
  certificate: { subject?: { CN?: string | string[] } } | undefined,
): string | undefined {
  const name: string | string[] | undefined = certificate?.subject?.CN;
  // Several common names leave open which one is meant.
  return typeof name === "string" && name !== "" ? name : undefined;
}
