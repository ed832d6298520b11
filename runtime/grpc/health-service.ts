import type {
  handleServerStreamingCall,
  handleUnaryCall,
  ServerWritableStream,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { GRPC_HEALTH_SERVICE, GRPC_INFERENCE_SERVICE } from "../contract";
import { ERRORS } from "../errors";

interface HealthCheckRequest {
  readonly service: string;
}

const SERVING = 1;
const NOT_SERVING = 2;
const SERVICE_UNKNOWN = 3;

/** Milliseconds between two looks at whether a watched status has changed. */
const WATCH_INTERVAL_MS = 500;

/** The server as a whole goes by the empty name. */
const SERVICES = new Set(["", GRPC_INFERENCE_SERVICE, GRPC_HEALTH_SERVICE]);

/** The methods of grpc.health.v1.Health, and what ends the watches that are open. */
export function healthService(ready: () => boolean): {
  service: UntypedServiceImplementation;
  endWatches(): void;
} {
  const watches = new Set<ServerWritableStream<HealthCheckRequest, object>>();
  const statusOf = (service: string) =>
    !SERVICES.has(service) ? SERVICE_UNKNOWN : ready() ? SERVING : NOT_SERVING;
  const check: handleUnaryCall<HealthCheckRequest, object> = (call, callback) => {
    const status = statusOf(call.request.service);
    if (status === SERVICE_UNKNOWN) {
      // Without the name, which may be of any length: details travel in a header.
      callback({ code: ERRORS.ModelNotFound.grpc, details: "There is no such service." });
    } else callback(null, { status });
  };
  const watch: handleServerStreamingCall<HealthCheckRequest, object> = (call) => {
    let last: number | undefined;
    const look = () => {
      const status = statusOf(call.request.service);
      if (status !== last) call.write({ status });
      last = status;
    };
    look();
    const timer = setInterval(look, WATCH_INTERVAL_MS);
    timer.unref();
    watches.add(call);
    call.once("cancelled", () => {
      clearInterval(timer);
      watches.delete(call);
    });
    call.once("finish", () => clearInterval(timer));
  };
  return {
    service: { Check: check, Watch: watch },
    endWatches() {
      for (const call of watches) {
        call.write({ status: NOT_SERVING });
        call.end();
      }
      watches.clear();
    },
  };
}
