import { once } from "node:events";
import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from "node:http2";
import { codecOf } from "./grpc-client";

/** What a call ended with, as it was on the wire. */
export interface WireAnswer {
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** `grpc-status` and the decoded `grpc-message`, wherever they were. */
  readonly status: [code: number, message: string];
  readonly resetCode: number;
}

export const MODEL_INFER = "/inference.GRPCInferenceService/ModelInfer";

/** A connection without a library for gRPC: what no well-behaved client would send can be sent. */
export class WireClient {
  private constructor(readonly session: ClientHttp2Session) {}

  static async connect(port: number): Promise<WireClient> {
    const session = connect(`http://127.0.0.1:${port}`, { maxSendHeaderBlockLength: 1e6 });
    session.on("error", () => undefined);
    await once(session, "connect");
    return new WireClient(session);
  }

  open(headers: Record<string, string> = {}, path = MODEL_INFER): ClientHttp2Stream {
    const stream = this.session.request(
      { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers", ...headers },
      { endStream: false },
    );
    stream.on("error", () => undefined);
    return stream;
  }

  /** Sends bytes as they are and ends the call. */
  async call(bytes: Buffer, headers: Record<string, string> = {}, path = MODEL_INFER): Promise<WireAnswer> {
    const stream = this.open(headers, path);
    const answer = answerOf(stream);
    stream.end(bytes);
    return answer;
  }

  close(): void {
    this.session.destroy();
  }
}

export async function answerOf(stream: ClientHttp2Stream): Promise<WireAnswer> {
  let headers: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  const chunks: Buffer[] = [];
  stream.on("response", (received) => (headers = received));
  stream.on("trailers", (received: IncomingHttpHeaders) => (trailers = received));
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => stream.once("close", resolve));
  const code = trailers["grpc-status"] ?? headers["grpc-status"];
  const message = String(trailers["grpc-message"] ?? headers["grpc-message"] ?? "");
  return {
    headers,
    trailers,
    body: Buffer.concat(chunks),
    status: [code === undefined ? -1 : Number(code), decodeURIComponent(message)],
    resetCode: stream.rstCode ?? constants.NGHTTP2_NO_ERROR,
  };
}

/** A message with its prefix. */
export function frame(message: Uint8Array, compressed = false): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = compressed ? 1 : 0;
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** The message of a ModelInfer with one raw FP32 input `x`. */
export function inferMessage(values: readonly number[] = [1], rest: object = {}): Buffer {
  return codecOf("inference.GRPCInferenceService", "ModelInfer").encode({
    model_name: "m",
    inputs: [{ name: "x", datatype: "FP32", shape: [values.length] }],
    raw_input_contents: [Buffer.from(new Float32Array(values).buffer)],
    ...rest,
  });
}
