import { Metadata, status } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { PartialFailure } from "./provider";
import type { Properties } from "./values";
import { encodeProperties } from "./wire";

type WireError = Partial<ServiceError>;

/** The engine's answer to a method that this provider does not have: it then does without. */
export function unimplemented(method: string): WireError {
  return { code: status.UNIMPLEMENTED, details: `${method} is not implemented.` };
}

/** Packs a partial failure as Go's gRPC does: a serialised `google.rpc.Status` in a binary trailer. */
function partialFailureDetails(error: PartialFailure, inputs: Properties): Metadata {
  const detail = new ErrorResourceInitFailed();
  detail.setId(error.partial.id);
  detail.setProperties(encodeProperties(error.partial.outputs));
  detail.setInputs(encodeProperties(error.partial.inputs ?? inputs));
  detail.setReasonsList([...error.partial.reasons]);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const wire = new Status();
  wire.setCode(status.UNKNOWN);
  wire.setMessage(error.message);
  wire.addDetails(any);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(wire.serializeBinary()));
  return metadata;
}

/** Turns anything thrown into what the engine prints. `inputs` are those of the request, for a partial failure. */
export function toWireError(error: unknown, inputs: Properties): WireError {
  if (error instanceof PartialFailure) {
    return {
      code: status.UNKNOWN,
      details: error.message,
      metadata: partialFailureDetails(error, inputs),
    };
  }
  return { code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) };
}
