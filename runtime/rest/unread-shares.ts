import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { ByteShare } from "../dataplane/byte-budget";

/** Shares of answers that have not left yet, by their connections. */
const UNREAD = new WeakMap<Socket, Set<ByteShare>>();

/**
 * Releases an answer's share once the answer has left or its connection has ended. A pipelined answer has no connection of its
 * own before its turn, and Node does not close it with the one that it waits for.
 */
export function releaseWhenGone(share: ByteShare, response: ServerResponse, socket: Socket): void {
  const shares = UNREAD.get(socket) ?? sharesOf(socket);
  shares.add(share);
  response.once("close", () => {
    shares.delete(share);
    share.release();
  });
}

/** One listener for all answers of a connection: a client may pipeline any number of them. */
function sharesOf(socket: Socket): Set<ByteShare> {
  const shares = new Set<ByteShare>();
  UNREAD.set(socket, shares);
  socket.once("close", () => {
    for (const share of shares) share.release();
    shares.clear();
  });
  return shares;
}
