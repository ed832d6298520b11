/** Closed loops over HTTP/1.1 and gRPC: each of so many callers sends its next request when the last one is answered. */
import { once } from "node:events";
import { connect as connectHttp2, constants, type ClientHttp2Session } from "node:http2";
import { connect, type Socket } from "node:net";
import type { AnswerCheck } from "./answers";

export interface LoopResult {
  requests: number;
  failed: number;
  /** From the first request to the last answer. */
  seconds: number;
  /** Milliseconds of each request. */
  latencies: number[];
}

export interface LoopOptions {
  readonly port: number;
  readonly callers: number;
  readonly milliseconds: number;
  readonly requests: readonly Buffer[];
  readonly check: AnswerCheck;
}

/** Callers start at different rows, so that a batch holds different ones. */
const rowOf = (caller: number, turn: number, rows: number) => (caller * 7 + turn) % rows;

interface Call {
  (row: number): Promise<boolean>;
}

async function loop(calls: readonly Call[], { milliseconds, requests }: LoopOptions): Promise<LoopResult> {
  const startedAt = performance.now();
  const until = startedAt + milliseconds;
  const result: LoopResult = { requests: 0, failed: 0, seconds: 0, latencies: [] };
  await Promise.all(
    calls.map(async (call, caller) => {
      for (let turn = 0; ; turn++) {
        const sentAt = performance.now();
        if (sentAt >= until) return;
        const good = await call(rowOf(caller, turn, requests.length));
        result.requests++;
        if (good) result.latencies.push(performance.now() - sentAt);
        else result.failed++;
      }
    }),
  );
  result.seconds = (performance.now() - startedAt) / 1000;
  return result;
}

const HEAD_END = "\r\n\r\n";

/** One keep-alive connection. Answers must say their length; that is all of HTTP that a benchmark needs. */
class HttpCaller {
  private received: Buffer = Buffer.alloc(0);
  private row = 0;
  private settle: ((good: boolean) => void) | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly options: LoopOptions,
  ) {
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.take(chunk));
    for (const event of ["error", "close"]) socket.on(event, () => this.settle?.(false));
  }

  static async open(options: LoopOptions): Promise<HttpCaller> {
    const socket = connect(options.port, "127.0.0.1");
    await once(socket, "connect");
    return new HttpCaller(socket, options);
  }

  call(row: number): Promise<boolean> {
    if (this.socket.destroyed) return Promise.reject(new Error("the server closed the connection"));
    this.row = row;
    this.socket.write(this.options.requests[row]!);
    return new Promise((resolve) => (this.settle = resolve));
  }

  private take(chunk: Buffer): void {
    const received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const headEnd = received.indexOf(HEAD_END);
    const head = headEnd < 0 ? "" : received.toString("latin1", 0, headEnd);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1]);
    const bodyAt = headEnd + HEAD_END.length;
    if (headEnd < 0 || received.length < bodyAt + length) {
      this.received = received;
      return;
    }
    this.received = Buffer.alloc(0);
    const good = head.startsWith("HTTP/1.1 200");
    const jsonLength = /inference-header-content-length: *(\d+)/i.exec(head)?.[1];
    const body = received.subarray(bodyAt, bodyAt + length);
    if (good)
      this.options.check.check(this.row, body, jsonLength === undefined ? undefined : Number(jsonLength));
    this.settle?.(good);
  }

  close(): void {
    this.settle = undefined;
    this.socket.destroy();
  }
}

export async function httpLoop(options: LoopOptions): Promise<LoopResult> {
  const callers = await Promise.all(Array.from({ length: options.callers }, () => HttpCaller.open(options)));
  try {
    return await loop(
      callers.map((caller) => (row) => caller.call(row)),
      options,
    );
  } finally {
    callers.forEach((caller) => caller.close());
  }
}

/** As clients do: a connection carries many calls. */
const CALLS_PER_CONNECTION = 8;

const CALL_HEADERS = {
  [constants.HTTP2_HEADER_METHOD]: "POST",
  [constants.HTTP2_HEADER_PATH]: "/inference.GRPCInferenceService/ModelInfer",
  [constants.HTTP2_HEADER_CONTENT_TYPE]: "application/grpc",
  te: "trailers",
};

function grpcCall(
  session: ClientHttp2Session,
  row: number,
  { requests, check }: LoopOptions,
): Promise<boolean> {
  return new Promise((resolve) => {
    const stream = session.request(CALL_HEADERS);
    const chunks: Buffer[] = [];
    let status: unknown;
    stream.on("response", (headers) => (status = headers["grpc-status"]));
    stream.on("trailers", (trailers) => (status = trailers["grpc-status"]));
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", () => undefined);
    stream.on("close", () => {
      const good = status === "0";
      if (good) check.check(row, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
      resolve(good);
    });
    stream.end(requests[row]!);
  });
}

export async function grpcLoop(options: LoopOptions): Promise<LoopResult> {
  const count = Math.ceil(options.callers / CALLS_PER_CONNECTION);
  const sessions = Array.from({ length: count }, () => connectHttp2(`http://127.0.0.1:${options.port}`));
  try {
    await Promise.all(sessions.map((session) => once(session, "remoteSettings")));
    const calls = Array.from({ length: options.callers }, (_, caller): Call => {
      const session = sessions[caller % count]!;
      return (row) => grpcCall(session, row, options);
    });
    return await loop(calls, options);
  } finally {
    sessions.forEach((session) => session.destroy());
  }
}
