import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Server as NetServer, type Socket } from "node:net";

/** Milliseconds between looks at the connections. */
const SWEEP_INTERVAL_MS = 1000;

export interface ConnectionLimits {
  /** Seconds that a connection may be idle. */
  readonly idleTimeout: number;
  /** Seconds in which a client must read on in its answer. */
  readonly requestTimeout: number;
}

/** A request and its answer, as far as its connection is concerned. */
export interface Answering {
  readonly request: Pick<IncomingMessage, "socket">;
  readonly response: ServerResponse;
  /** The connection has ended. */
  gone?(): void;
}

/** What is known of a connection. */
class Connection {
  /** The last request on it: answers go out in order, so that with the last one all are done. */
  last: Answering | undefined;
  /** Bytes that had come when it was last looked at, and since when it has been idle, `performance.now()`. */
  bytesRead = 0;
  idleSince = performance.now();
  /** Whether a time limit was set for the reading of an answer. */
  timed = false;

  constructor(readonly socket: Socket) {}

  get isBusy(): boolean {
    return this.last !== undefined && !this.last.response.writableFinished && !this.last.response.destroyed;
  }
}

/**
 * The open connections of an HTTP server and what they are doing. Node's own `close()` takes a connection for idle as
 * soon as its answer was handed over, and cuts large answers that are still being sent. Time limits are looked after
 * once a second for all of them: Node would set two timers for every request.
 */
export class Connections {
  private readonly open = new Map<Socket, Connection>();
  private draining = false;

  constructor(
    private readonly server: Server,
    private readonly limits: ConnectionLimits,
    sweepIntervalMs = Math.min(SWEEP_INTERVAL_MS, 1000 * Math.min(limits.idleTimeout, limits.requestTimeout)),
  ) {
    // A TLS connection counts from its handshake on; the socket beneath it ends with it.
    const event = "setSecureContext" in server ? "secureConnection" : "connection";
    server.on(event, (socket: Socket) => {
      const connection = new Connection(socket);
      this.open.set(socket, connection);
      socket.once("close", () => {
        this.open.delete(socket);
        connection.last?.gone?.();
      });
    });
    const timer = setInterval(() => this.sweep(performance.now()), sweepIntervalMs);
    timer.unref();
    server.once("close", () => clearInterval(timer));
  }

  /** To be called for each request. */
  began(exchange: Answering): void {
    const { socket } = exchange.request;
    const connection = this.open.get(socket);
    if (connection === undefined) return;
    connection.last = exchange;
    if (this.draining) this.endAfterAnswer(connection);
  }

  /** Takes no further connection, ends idle ones at once and the others after their answer. Resolves when all are gone. */
  drain(): Promise<void> {
    this.draining = true;
    return new Promise((resolve) => {
      NetServer.prototype.close.call(this.server, () => resolve());
      for (const connection of this.open.values()) {
        if (connection.isBusy) this.endAfterAnswer(connection);
        else connection.socket.destroySoon();
      }
    });
  }

  /** `close` comes when the last byte was handed to the system, or when the client has gone. */
  private endAfterAnswer(connection: Connection): void {
    connection.last!.response.once("close", () => {
      if (!connection.isBusy) connection.socket.destroySoon();
    });
  }

  /** @param now `performance.now()` */
  sweep(now: number): void {
    const idleLimit = this.limits.idleTimeout * 1000;
    for (const connection of this.open.values()) {
      const { socket, last } = connection;
      if (connection.isBusy) {
        connection.idleSince = now;
        if (!connection.timed && last!.response.writableEnded) {
          // A client that does not read its answer must not keep it in memory. Node lifts the limit as bytes leave.
          connection.timed = true;
          socket.setTimeout(this.limits.requestTimeout * 1000);
        }
        continue;
      }
      if (connection.timed) {
        connection.timed = false;
        socket.setTimeout(0);
      }
      const { bytesRead } = socket;
      if (bytesRead !== connection.bytesRead) {
        connection.bytesRead = bytesRead;
        connection.idleSince = now;
      } else if (now - connection.idleSince >= idleLimit) socket.destroySoon();
    }
  }
}
