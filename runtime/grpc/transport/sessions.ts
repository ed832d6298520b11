import { constants, type ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import { certificateName } from "../../auth/certificate-name";
import type { Peer } from "./peer";

export interface SessionLimits {
  /** Seconds for a new connection to show that it speaks HTTP/2. */
  readonly headerTimeout: number;
  /** Seconds that a connection without calls stays open. */
  readonly idleTimeout: number;
}

/** The highest number that a client's stream can have: "no further calls" without refusing those on their way. */
const LAST_STREAM = 2 ** 31 - 1;

/**
 * Milliseconds for a client to answer the ping after which a draining connection takes no more calls. Clients made with
 * node:http2 do not answer any more then; a call of theirs that comes later yet is refused as one to be sent again.
 */
const DRAIN_PING_MS = 250;

const LONGEST_CHECK_MS = 1000;

/** The open connections of the gRPC listener, and when they end. */
export class Sessions {
  private readonly peers = new Map<ServerHttp2Session, Peer>();
  private readonly timer: NodeJS.Timeout;
  private draining = false;
  private drained: (() => void) | undefined;

  constructor(private readonly limits: SessionLimits) {
    const shortest = Math.min(limits.headerTimeout, limits.idleTimeout) * 500;
    this.timer = setInterval(() => this.look(), Math.min(LONGEST_CHECK_MS, shortest));
    this.timer.unref();
  }

  /** Takes a new connection into account. */
  add(session: ServerHttp2Session): void {
    // The connection's own socket is behind a proxy that denies some of it, but not what is read here.
    const socket = session.socket as Socket;
    const peer: Peer = {
      address: socket.remoteAddress ?? "",
      certificateName: certificateNameOf(session),
      calls: 0,
      idleSince: performance.now(),
      settled: false,
    };
    this.peers.set(session, peer);
    session.once("remoteSettings", () => (peer.settled = true));
    // Resets, frames that break the protocol and floods end the connection; there is nobody to tell.
    session.on("error", () => undefined);
    session.once("close", () => {
      this.peers.delete(session);
      if (this.peers.size === 0) this.drained?.();
    });
    if (this.draining) this.retire(session);
  }

  peerOf(session: ServerHttp2Session): Peer {
    return this.peers.get(session)!;
  }

  /** Says goodbye on every connection and lets it end with its last call. Resolves when all have. */
  drain(): Promise<void> {
    this.draining = true;
    return new Promise((resolve) => {
      this.drained = resolve;
      if (this.peers.size === 0) resolve();
      for (const session of this.peers.keys()) this.retire(session);
    });
  }

  /** Ends every connection at once. */
  close(): void {
    clearInterval(this.timer);
    for (const session of this.peers.keys()) session.destroy();
  }

  /**
   * Ends a connection so that no call is lost: the client learns first that it shall open no more streams, and those
   * that it had opened by then are taken. That is known when its answer to a ping is there.
   */
  private retire(session: ServerHttp2Session): void {
    if (session.closed || session.destroyed) return;
    session.goaway(constants.NGHTTP2_NO_ERROR, LAST_STREAM);
    const end = () => {
      clearTimeout(timer);
      if (!session.destroyed) session.close();
    };
    const timer = setTimeout(end, DRAIN_PING_MS).unref();
    // A turn later: a ping would overtake the goodbye.
    setImmediate(() => {
      if (session.destroyed || !session.ping(end)) end();
    });
  }

  private look(): void {
    const now = performance.now();
    for (const [session, peer] of this.peers) {
      const idle = peer.calls === 0 ? (now - peer.idleSince) / 1000 : 0;
      if (!peer.settled && idle > this.limits.headerTimeout) session.destroy();
      else if (idle > this.limits.idleTimeout && !session.closed) this.retire(session);
    }
  }
}

function certificateNameOf(session: ServerHttp2Session): string | undefined {
  return session.encrypted ? certificateName(session.socket as Socket) : undefined;
}
