import type { Server, ServerResponse } from "node:http";
import { Server as NetServer, type Socket } from "node:net";

/**
 * The open connections of an HTTP server and what they are doing. Node's own `close()` takes a connection for idle as
 * soon as its answer was handed over, and cuts large answers that are still being sent.
 */
export class Connections {
  /** Responses under way per connection. */
  private readonly active = new Map<Socket, number>();
  private draining = false;

  constructor(private readonly server: Server) {
    // A TLS connection counts from its handshake on; the socket beneath it ends with it.
    const event = "setSecureContext" in server ? "secureConnection" : "connection";
    server.on(event, (socket: Socket) => {
      this.active.set(socket, 0);
      socket.once("close", () => this.active.delete(socket));
    });
  }

  /** To be called for each request. */
  began(response: ServerResponse): void {
    const { socket } = response.req;
    this.active.set(socket, (this.active.get(socket) ?? 0) + 1);
    // `close` comes when the last byte was handed to the system, or when the client has gone.
    response.once("close", () => {
      const left = (this.active.get(socket) ?? 1) - 1;
      if (this.active.has(socket)) this.active.set(socket, left);
      if (this.draining && left === 0) socket.destroySoon();
    });
  }

  /** Takes no further connection, ends idle ones at once and the others after their answer. Resolves when all are gone. */
  drain(): Promise<void> {
    this.draining = true;
    return new Promise((resolve) => {
      NetServer.prototype.close.call(this.server, () => resolve());
      for (const [socket, count] of this.active) if (count === 0) socket.destroySoon();
    });
  }
}
