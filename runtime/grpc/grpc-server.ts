import type { KeyPairWatcher } from "../tls";
import type { GrpcOptions } from "./grpc-options";
import { healthMethods } from "./health-service";
import { inferenceMethods } from "./inference-service";
import { reflectionMethods } from "./reflection-service";
import { Http2Listener } from "./transport/http2-listener";
import type { Method } from "./transport/call";

export interface GrpcListener {
  /** Resolves with the port that was bound. */
  listen(host: string, port: number): Promise<number>;
  /** Takes no further calls; resolves when those in flight have ended. */
  drain(): Promise<void>;
  /** Ends the streams that clients keep open, each with the answers to what has come on it; `drain` then resolves soon. */
  endStreams(): void;
  /** Ends everything at once. */
  close(): void;
}

/** The gRPC transport: V2 inference with Triton's extensions, gRPC's own health check, and reflection. */
export function createGrpcListener(options: GrpcOptions, tls?: KeyPairWatcher): GrpcListener {
  const health = healthMethods(options.dataPlane, options.authenticator === undefined);
  const methods = new Map<string, Method>([
    ...inferenceMethods(options),
    ...health.methods,
    ...reflectionMethods(),
  ]);
  const listener = new Http2Listener(methods, options, tls);
  return {
    listen: (host, port) => listener.listen(host, port),
    drain() {
      const drained = listener.drain();
      health.endWatches();
      return drained;
    },
    endStreams: () => listener.endStreams(),
    close() {
      health.endWatches();
      listener.close();
    },
  };
}
