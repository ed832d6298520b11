import type { Http2Server, IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import { Server as NetServer, type AddressInfo } from "node:net";
import type { Authenticator } from "../../auth/authenticator";
import { publicError } from "../../errors";
import type { KeyPairWatcher } from "../../tls";
import { Call, type CallContext, type Method, type MethodTable } from "./call";
import { checkHeaderBytes, refusedByHttp, refuseStream, unknownMethod } from "./call-headers";
import { CallWatch } from "./call-watch";
import { ACCEPTED_ENCODINGS, encodingOf, type Encoding } from "./compression";
import { parseTimeout } from "./grpc-timeout";
import { createHttp2Server } from "./http2-server";
import { Sessions, type SessionLimits } from "./sessions";

export interface Http2Options extends CallContext, SessionLimits {
  readonly maxConnections: number;
  /** Undefined where everyone may call everything. */
  readonly authenticator?: Authenticator;
}

/** Bytes that a client may send ahead on one connection. */
const CONNECTION_WINDOW = 8 * 1024 * 1024;

/** Milliseconds without a byte after which the system asks whether the other end is still there. */
const KEEP_ALIVE_MS = 60_000;

const CALL = Symbol("call");

type CallStream = ServerHttp2Stream & { [CALL]: Call };

/**
 * gRPC's framing over node:http2. With 64 calls at a time an echo of a tensor costs about 25 µs of CPU with node:http2
 * alone, 40 with @grpc/grpc-js and 270 with Connect's adapter for Node; what is here adds little to the 25. HTTP/2 itself
 * (HPACK, flow control, floods of pings, settings and resets) stays nghttp2's.
 */
export class Http2Listener {
  private readonly server: Http2Server;
  private readonly sessions: Sessions;
  private readonly watch = new CallWatch();

  constructor(
    private readonly methods: MethodTable,
    private readonly options: Http2Options,
    tls: KeyPairWatcher | undefined,
  ) {
    this.sessions = new Sessions(options);
    this.server = createHttp2Server(options.maxMessageBytes, tls);
    // Both kinds of server are servers of node:net, whose limit Node's types leave out.
    const { server } = this;
    (server as unknown as NetServer).maxConnections = options.maxConnections;
    // A stream may be silent for as long as it likes; only the system can tell whether somebody is still there.
    (server as unknown as NetServer).on("connection", (socket) => socket.setKeepAlive(true, KEEP_ALIVE_MS));
    server.on("session", (session: ServerHttp2Session) => {
      session.setLocalWindowSize(CONNECTION_WINDOW);
      this.sessions.add(session);
    });
    server.on(
      "stream",
      (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: readonly string[]) =>
        this.open(stream, headers, raw),
    );
    // What a client does to its own connection is nothing to report.
    server.on("sessionError", ignore);
    (server as unknown as NetServer).on("tlsClientError", ignore);
  }

  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, host, () => {
        this.server.off("error", reject);
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes no further connection; resolves when the calls in flight are answered and all connections have ended. */
  drain(): Promise<void> {
    this.stopListening();
    this.watch.announceEnd();
    return this.sessions.drain();
  }

  /** Ends streams whose clients keep them open; to be called when `drain` has waited long enough. */
  endStreams(): void {
    this.watch.endStreams();
  }

  close(): void {
    this.stopListening();
    this.sessions.close();
    this.watch.close();
  }

  /** Node's own `close()` also closes connections, which refuses calls that are on their way. */
  private stopListening(): void {
    NetServer.prototype.close.call(this.server as unknown as NetServer);
  }

  private open(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: readonly string[]): void {
    // Its end is told by `close` as well.
    stream.on("error", ignore);
    const { session } = stream;
    if (!session) return;
    const refused = refusedByHttp(headers);
    if (refused !== undefined) return void stream.respond({ ":status": refused }, { endStream: true });
    const method = this.methods.get(headers[":path"] ?? "");
    if (!method) return refuseStream(stream, unknownMethod(headers[":path"] ?? ""));
    let encoding: Encoding | undefined;
    try {
      checkHeaderBytes(raw);
      encoding = encodingOf(headers["grpc-encoding"] as string | undefined);
    } catch (error) {
      return refuseStream(stream, publicError(error), { "grpc-accept-encoding": ACCEPTED_ENCODINGS });
    }
    const peer = this.sessions.peerOf(session as ServerHttp2Session);
    const call = new Call(stream, headers, peer, method, encoding, this.options);
    (stream as CallStream)[CALL] = call;
    peer.calls++;
    this.watch.add(call);
    stream.on("close", () => {
      this.watch.delete(call);
      if (--peer.calls === 0) peer.idleSince = performance.now();
      call.close();
    });
    stream.on("wantTrailers", sendTrailers);
    try {
      const timeout = headers["grpc-timeout"];
      if (timeout !== undefined) call.limit(parseTimeout(String(timeout)));
      if (call.outcome === undefined) this.authorize(call, method, stream);
    } catch (error) {
      call.refuse(error);
    }
  }

  /** @throws what the call is refused with */
  private authorize(call: Call, method: Method, stream: ServerHttp2Stream): void {
    const { authenticator } = this.options;
    if (!authenticator || method.scope === undefined) return read(stream);
    const { headers, peer } = call;
    const credentials = {
      authorization: headers.authorization,
      apiKey: headers["x-api-key"] as string | undefined,
      certificateName: peer.certificateName,
    };
    const principal = authenticator.authorize(credentials, method.scope);
    if (!(principal instanceof Promise)) {
      call.principal = principal;
      return read(stream);
    }
    // Nothing is read meanwhile: what an unknown client sends stays within its window.
    principal.then(
      (known) => {
        call.principal = known;
        if (!stream.destroyed) read(stream);
      },
      (error: unknown) => call.refuse(error),
    );
  }
}

function read(stream: ServerHttp2Stream): void {
  stream.on("data", onData);
  stream.on("end", onEnd);
}

function onData(this: CallStream, chunk: Buffer): void {
  this[CALL].data(chunk);
}

function onEnd(this: CallStream): void {
  this[CALL].end();
}

function sendTrailers(this: CallStream): void {
  this[CALL].sendTrailers();
}

function ignore(): void {}
