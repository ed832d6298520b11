import { Client, credentials, type ChannelCredentials } from "@grpc/grpc-js";
import { loadService } from "../../../runtime/grpc/protos";

const services = {
  "inference.GRPCInferenceService": loadService("inference.proto", "inference.GRPCInferenceService"),
  "grpc.health.v1.Health": loadService("health.proto", "grpc.health.v1.Health"),
};

export interface GrpcClient {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers field by field
  call(method: string, request: object, service?: keyof typeof services): Promise<any>;
  close(): void;
}

/** Calls unary methods by name. Rejects with grpc-js' ServiceError. */
export function grpcClient(
  address: string,
  channel: ChannelCredentials = credentials.createInsecure(),
): GrpcClient {
  const client = new Client(address, channel);
  return {
    call: (method, request, service = "inference.GRPCInferenceService") =>
      new Promise((resolve, reject) => {
        const { path, requestSerialize, responseDeserialize } = services[service][method]!;
        const deadline = Date.now() + 10_000;
        client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          { deadline },
          (error, response) => (error ? reject(error) : resolve(response)),
        );
      }),
    close: () => client.close(),
  };
}
