import {
  createServer as createHttpServer,
  type RequestListener,
  type Server,
  type ServerOptions,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { Socket } from "node:net";
import { clientVerification, type KeyPairWatcher } from "../tls";
import { Incoming } from "./incoming";
import { Outgoing } from "./outgoing";

export interface HttpLimits {
  /** Seconds. */
  readonly headerTimeout: number;
  readonly requestTimeout: number;
  readonly idleTimeout: number;
  readonly maxConnections: number;
}

/** Milliseconds between looks for connections that are over their time. */
const CHECK_INTERVAL_MS = 1000;

/** Milliseconds for a TLS handshake; a connection that never ends its own would also keep a drain waiting. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** An HTTP server with its limits set; with TLS where there is a key pair, replaced while it runs when that changes. */
export function createHttpListener(
  handler: RequestListener<typeof Incoming, typeof Outgoing>,
  limits: HttpLimits,
  tls?: KeyPairWatcher,
): Server {
  const options: ServerOptions<typeof Incoming, typeof Outgoing> = {
    headersTimeout: Math.min(limits.headerTimeout, limits.requestTimeout) * 1000,
    requestTimeout: limits.requestTimeout * 1000,
    // `Connections` ends idle ones, without a timer for each request.
    keepAliveTimeout: 0,
    IncomingMessage: Incoming,
    ServerResponse: Outgoing,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
    noDelay: true,
  };
  const server = tls ? httpsServer(options, handler, tls) : createHttpServer(options, handler);
  server.maxConnections = limits.maxConnections;
  server.on("clientError", (error: NodeJS.ErrnoException, socket) =>
    answerBadRequest(error, socket as Socket),
  );
  return server;
}

function httpsServer(
  options: ServerOptions,
  handler: RequestListener<typeof Incoming, typeof Outgoing>,
  tls: KeyPairWatcher,
): Server {
  const verification = clientVerification(tls);
  const server = createHttpsServer(
    {
      ...options,
      ...tls.current,
      ...verification,
      minVersion: "TLSv1.2",
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    },
    handler,
  );
  tls.onChange((pair) => server.setSecureContext({ ...pair, ...verification, minVersion: "TLSv1.2" }));
  return server;
}

/** Answers that were given to connections because what came on them ended no request. */
const bareAnswers = new WeakMap<Socket, number>();

/** The status that a connection was ended with while it owed a request's rest; undefined where its client ended it. */
export function bareAnswerOf(socket: Socket): number | undefined {
  return bareAnswers.get(socket);
}

/** What Node's parser refuses before a request exists still gets a body that says so. */
function answerBadRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  const late = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
  // A connection opened ahead of need has asked nothing: a 408 on it could be taken for the answer to its first request.
  const unused = late && socket.bytesRead === 0;
  if (error.code === "ECONNRESET" || unused || !socket.writable) {
    socket.destroy();
    return;
  }
  const large = error.code === "HPE_HEADER_OVERFLOW";
  const status = late
    ? "408 Request Timeout"
    : large
      ? "431 Request Header Fields Too Large"
      : "400 Bad Request";
  const sentence = late
    ? "The request took too long to arrive."
    : large
      ? "The request's headers are too large."
      : "The request is not valid HTTP.";
  const body = JSON.stringify({ error: sentence });
  // A client that ends its side within a body has gone, though one that only listens on may still read this.
  if (error.code !== "HPE_INVALID_EOF_STATE") bareAnswers.set(socket, Number.parseInt(status));
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
