import type { InferenceAccounts } from "../dataplane/accounted";
import type { Tracing } from "../tracing/request-trace";
import type { Http2Options } from "./transport/http2-listener";

/** What the gRPC transport is made with. */
export interface GrpcOptions extends InferenceAccounts, Http2Options {
  /** Elements of one tensor. */
  readonly maxTensorElements?: number;
  /** Not 0 where the repository is controlled on a port of its own, which is HTTP. */
  readonly adminPort?: number;
  readonly tracing?: Tracing;
}
