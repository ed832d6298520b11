import {
  createSecureServer,
  createServer,
  type Http2Server,
  type SecureServerOptions,
  type ServerOptions,
} from "node:http2";
import { clientVerification, type KeyPairWatcher } from "../../tls";
import { MAX_HEADER_BYTES } from "./call-headers";

/** Calls in flight per connection. */
const MAX_CONCURRENT_STREAMS = 1024;

/** Bytes that a client may send ahead per call: a whole tensor without waiting for the server's word. */
const STREAM_WINDOW = 1024 * 1024;

/** Milliseconds for a TLS handshake; a connection that never ends its own would also keep a drain waiting. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Megabytes that a connection may hold at least; then it gets no new calls. */
const LEAST_SESSION_MEGABYTES = 64;

/** An HTTP/2 server with its limits set; with TLS where there is a key pair, replaced while it runs when that changes. */
export function createHttp2Server(maxMessageBytes: number, tls: KeyPairWatcher | undefined): Http2Server {
  const options: ServerOptions = {
    settings: {
      maxConcurrentStreams: MAX_CONCURRENT_STREAMS,
      initialWindowSize: STREAM_WINDOW,
      maxHeaderListSize: MAX_HEADER_BYTES,
      enablePush: false,
    },
    // Answers that the client does not read are part of it.
    maxSessionMemory: Math.max(LEAST_SESSION_MEGABYTES, Math.ceil((maxMessageBytes * 2) / 1e6)),
  };
  return tls ? secureServer(options, tls) : createServer(options);
}

function secureServer(options: ServerOptions, tls: KeyPairWatcher): Http2Server {
  const verification = clientVerification(tls);
  const secure: SecureServerOptions = {
    ...options,
    ...tls.current,
    ...verification,
    minVersion: "TLSv1.2",
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    ALPNProtocols: ["h2"],
  };
  const server = createSecureServer(secure);
  tls.onChange((pair) => server.setSecureContext({ ...pair, ...verification, minVersion: "TLSv1.2" }));
  return server;
}
