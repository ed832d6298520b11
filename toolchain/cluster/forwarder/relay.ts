import { connect, createServer, type Server, type Socket } from "node:net";

/** How long the other side may take to accept a connection, in milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Accepts connections and carries their bytes to `target` and back. Each direction waits for its reader, and one that
 * ends leaves the other open until it ends by itself, as TCP has it.
 */
export function createRelay(target: { readonly host: string; readonly port: number }): Server {
  // Without allowHalfOpen, Node would close our side as soon as the client has sent its last byte.
  return createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, (client) => {
    const upstream = connect({ ...target, allowHalfOpen: true, noDelay: true, keepAlive: true });
    const timer = setTimeout(() => upstream.destroy(new Error("no answer")), CONNECT_TIMEOUT_MS);
    upstream.once("connect", () => clearTimeout(timer));
    upstream.once("close", () => clearTimeout(timer));
    join(client, upstream);
    join(upstream, client);
  });
}

/** Carries bytes one way. `pipe` passes on the end of the stream and holds back when the reader is slow, nothing else. */
function join(from: Socket, to: Socket): void {
  from.pipe(to);
  // A reset on one side is passed on as a reset: bytes may be missing, and a clean end would hide that.
  from.once("error", () => to.resetAndDestroy());
  from.once("close", () => {
    if (!from.readableEnded) to.destroy();
  });
}
