import { Client, credentials, Metadata, type ClientDuplexStream, type ServiceError } from "@grpc/grpc-js";
import type { Type } from "protobufjs";
import { protocol, type Output, type Question } from "./questions";
import { PATIENCE_MS, type Reply, type Sender, type Target } from "./sender";

const SERVICE = "/inference.GRPCInferenceService";

interface InferResponse {
  id: string;
  modelVersion: string;
  outputs: { name: string; contents?: { fp32Contents?: number[] } }[];
  rawOutputContents?: Uint8Array[];
  parameters?: Readonly<Record<string, { boolParam?: boolean }>>;
}
interface StreamResponse {
  errorMessage: string;
  inferResponse?: InferResponse;
}

function replyOf({ modelVersion, outputs, rawOutputContents }: InferResponse): Reply {
  const raw = rawOutputContents ?? [];
  const values = outputs.map(({ name, contents }, i): Output => {
    const bytes = raw[i];
    return {
      name,
      data: bytes ? new Float32Array(Uint8Array.from(bytes).buffer) : (contents?.fp32Contents ?? []),
    };
  });
  return { version: modelVersion, outputs: values };
}

/** One connection and what goes over it, in the wire form of the server's own protocol file. */
class GrpcConnection {
  readonly client: Client;
  private readonly types = protocol();

  constructor(readonly target: Target) {
    const { host } = new URL(target.endpoint);
    const tls = credentials.createSsl(Buffer.from(target.caCertificate));
    // Each sender has a connection of its own; by default equal targets share one.
    this.client = new Client(host, tls, { "grpc.use_local_subchannel_pool": 1 });
  }

  metadata(): Metadata {
    const metadata = new Metadata();
    metadata.set("authorization", `Bearer ${this.target.token}`);
    metadata.set("slipway-service", this.target.service);
    for (const [name, value] of Object.entries(this.target.headers ?? {})) metadata.set(name, value);
    return metadata;
  }

  type(name: string): Type {
    return this.types.lookupType(`inference.${name}`);
  }

  encoder(name: string) {
    const type = this.type(name);
    return (message: object) => Buffer.from(type.encode(type.fromObject(message)).finish());
  }

  decoder<T>(name: string) {
    const type = this.type(name);
    return (bytes: Buffer) => type.decode(bytes) as unknown as T;
  }
}

const sentence = ({ code, details }: ServiceError) => new Error(`gRPC status ${code}: ${details}`);

/** Calls of ModelInfer over one connection. */
export function grpcSender(target: Target, questions: readonly Question[]): Sender {
  const connection = new GrpcConnection(target);
  const encode = connection.encoder("ModelInferRequest");
  const decode = connection.decoder<InferResponse>("ModelInferResponse");
  return {
    send: (question) =>
      new Promise((resolve, reject) => {
        connection.client.makeUnaryRequest(
          `${SERVICE}/ModelInfer`,
          encode,
          decode,
          questions[question]!.message,
          connection.metadata(),
          { deadline: Date.now() + PATIENCE_MS },
          (error, response) => (error ? reject(sentence(error)) : resolve(replyOf(response!))),
        );
      }),
    close: () => {
      connection.client.close();
      return Promise.resolve();
    },
  };
}

type Stream = ClientDuplexStream<object, StreamResponse>;

/**
 * One long-lived ModelStreamInfer call. A new one takes its place when the server has ended it, or says that it is about to:
 * the old one is then ended from this side, after its answers.
 */
export function streamSender(target: Target, questions: readonly Question[]): Sender {
  const connection = new GrpcConnection(target);
  const encode = connection.encoder("ModelInferRequest");
  const decode = connection.decoder<StreamResponse>("ModelStreamInferResponse");
  let nextId = 1;
  let current: Stream | undefined;

  const open = (): Stream => {
    const pending = new Map<string, { resolve(reply: Reply): void; reject(error: Error): void }>();
    const stream: Stream = connection.client.makeBidiStreamRequest(
      `${SERVICE}/ModelStreamInfer`,
      encode,
      decode,
      connection.metadata(),
    );
    const ended = (error: Error) => {
      if (current === stream) current = undefined;
      for (const { reject } of pending.values()) reject(error);
      pending.clear();
    };
    stream.on("data", ({ errorMessage, inferResponse }: StreamResponse) => {
      const waiting = inferResponse && pending.get(inferResponse.id);
      if (!waiting) return;
      pending.delete(inferResponse.id);
      if (inferResponse.parameters?.slipway_reconnect?.boolParam && current === stream) {
        current = undefined;
        stream.end();
      }
      if (errorMessage) waiting.reject(new Error(errorMessage));
      else waiting.resolve(replyOf(inferResponse));
    });
    stream.on("error", (error: ServiceError) => ended(sentence(error)));
    stream.on("end", () => ended(new Error("the stream ended before the answer")));
    return Object.assign(stream, { pending });
  };

  return {
    send(question) {
      const stream = (current ??= open()) as Stream & { pending: Map<string, unknown> };
      const id = String(nextId++);
      return new Promise<Reply>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error("no answer in time")), PATIENCE_MS);
        stream.pending.set(id, {
          resolve: (reply: Reply) => (clearTimeout(timer), resolve(reply)),
          reject: (error: Error) => (clearTimeout(timer), reject(error)),
        });
        stream.write({ ...questions[question]!.message, id });
      });
    },
    close: () => {
      current?.cancel();
      connection.client.close();
      return Promise.resolve();
    },
  };
}
