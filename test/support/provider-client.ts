import { credentials } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { startProvider } from "../../toolchain/plugins/shared";
import type { Provider } from "../../toolchain/plugins/shared";

/** Awaits one gRPC call, e.g. `answerOf<CreateResponse>((done) => client.create(request, done))`. */
export function answerOf<Response>(
  start: (done: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    start((error, response) => (error ? reject(error) : resolve(response)));
  });
}

/** Serves a provider as the engine would meet it, and speaks to it over the wire. */
export async function withProviderClient<T>(
  provider: Provider,
  use: (client: ResourceProviderClient) => Promise<T>,
): Promise<T> {
  const running = await startProvider(provider);
  const client = new ResourceProviderClient(`127.0.0.1:${running.port}`, credentials.createInsecure());
  try {
    return await use(client);
  } finally {
    client.close();
    running.close();
  }
}
