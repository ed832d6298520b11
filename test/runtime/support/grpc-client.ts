import { Client, credentials, Metadata, type ChannelCredentials, type ClientOptions } from "@grpc/grpc-js";
import { protoRoot, type ProtoFile } from "../../../runtime/grpc/protos";

/** The file of each service. */
const FILES = {
  "inference.GRPCInferenceService": ["model_config.proto", "inference.proto"],
  "grpc.health.v1.Health": ["health.proto"],
  "grpc.reflection.v1.ServerReflection": ["reflection.proto"],
  "grpc.reflection.v1alpha.ServerReflection": ["reflection_v1alpha.proto"],
} as const satisfies Record<string, readonly ProtoFile[]>;

export type ServiceName = keyof typeof FILES;

/** How a method's messages are encoded, as grpc-js takes it. */
export interface MethodCodec {
  readonly path: string;
  encode(message: object): Buffer;
  decode(bytes: Buffer): object;
}

export function codecOf(service: ServiceName, method: string): MethodCodec {
  const root = protoRoot(...FILES[service]);
  const { requestType, responseType } = root.lookupService(service).methods[method]!;
  const scope = service.slice(0, service.lastIndexOf("."));
  const request = root.lookupType(`${scope}.${requestType}`);
  const response = root.lookupType(`${scope}.${responseType}`);
  return {
    path: `/${service}/${method}`,
    encode: (message) => request.encode(message).finish() as Buffer,
    decode: (bytes) => response.decode(bytes),
  };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers field by field
type Answer = any;

export interface GrpcClient {
  readonly raw: Client;
  call(
    method: string,
    request: object,
    service?: ServiceName,
    metadata?: Record<string, string>,
  ): Promise<Answer>;
  close(): void;
}

export function metadataOf(values: Record<string, string>): Metadata {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(values)) metadata.set(key, value);
  return metadata;
}

/** Calls unary methods by name. Rejects with grpc-js' ServiceError. */
export function grpcClient(
  address: string,
  channel: ChannelCredentials = credentials.createInsecure(),
  options: ClientOptions = {},
): GrpcClient {
  const client = new Client(address, channel, options);
  return {
    raw: client,
    call: (method, request, service = "inference.GRPCInferenceService", metadata = {}) =>
      new Promise((resolve, reject) => {
        const { path, encode, decode } = codecOf(service, method);
        const deadline = Date.now() + 10_000;
        client.makeUnaryRequest(
          path,
          encode,
          decode,
          request,
          metadataOf(metadata),
          { deadline },
          (error, response) => (error ? reject(error) : resolve(response)),
        );
      }),
    close: () => client.close(),
  };
}
