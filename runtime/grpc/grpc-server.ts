import { experimental, Server, ServerCredentials } from "@grpc/grpc-js";
import { GRPC_HEALTH_SERVICE, GRPC_INFERENCE_SERVICE } from "../contract";
import type { KeyPairWatcher } from "../tls";
import { healthService } from "./health-service";
import { inferenceService, type GrpcOptions } from "./inference-service";
import { loadService } from "./protos";

export interface GrpcListener {
  /** Resolves with the port that was bound. */
  listen(host: string, port: number): Promise<number>;
  /** Takes no further calls; resolves when those in flight have ended. */
  drain(): Promise<void>;
  /** Ends everything at once. */
  close(): void;
}

/** Calls in flight per connection; grpc-js collects the message of each before anything of ours sees it. */
const MAX_CONCURRENT_STREAMS = 1024;

/** The gRPC transport: V2 inference and gRPC's own health check. */
export function createGrpcListener(
  options: GrpcOptions & { maxMessageBytes: number },
  tls?: KeyPairWatcher,
): GrpcListener {
  const server = new Server({
    "grpc.max_receive_message_length": options.maxMessageBytes,
    "grpc.max_send_message_length": -1,
    "grpc.max_concurrent_streams": MAX_CONCURRENT_STREAMS,
  });
  const health = healthService(() => options.dataPlane.ready());
  server.addService(loadService("inference.proto", GRPC_INFERENCE_SERVICE), inferenceService(options));
  server.addService(loadService("health.proto", GRPC_HEALTH_SERVICE), health.service);
  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        // An IPv6 address needs brackets in gRPC's notation.
        const address = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
        server.bindAsync(address, credentials(tls), (error, bound) =>
          error ? reject(error) : resolve(bound),
        );
      }),
    drain: () =>
      new Promise((resolve) => {
        health.endWatches();
        server.tryShutdown(() => resolve());
      }),
    close: () => server.forceShutdown(),
  };
}

function credentials(tls: KeyPairWatcher | undefined): ServerCredentials {
  if (!tls) return ServerCredentials.createInsecure();
  type Listener = Parameters<experimental.CertificateProvider["addIdentityCertificateListener"]>[0];
  const listeners = new Set<Listener>();
  const update = () => ({ certificate: tls.current.cert, privateKey: tls.current.key });
  tls.onChange(() => listeners.forEach((listener) => listener(update())));
  const provider: experimental.CertificateProvider = {
    addCaCertificateListener() {},
    removeCaCertificateListener() {},
    addIdentityCertificateListener(listener) {
      listeners.add(listener);
      process.nextTick(() => listener(update()));
    },
    removeIdentityCertificateListener: (listener) => void listeners.delete(listener),
  };
  // grpc-js hands the first argument on as the identity, whatever its name in the types.
  return experimental.createCertificateProviderServerCredentials(provider, null, false);
}
