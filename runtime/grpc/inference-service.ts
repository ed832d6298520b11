import type { handleUnaryCall, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Logger } from "pino";
import { accounted, type InferenceAccounts } from "../dataplane/accounted";
import type { InferRequest } from "../models/served-model";
import { byteLength, rawOutput, tensorsOf } from "./infer-codec";
import type { ModelInferRequest, ModelInferResponse, NameAndVersion } from "./messages";
import { statusOf } from "./status";

export interface GrpcOptions extends InferenceAccounts {
  readonly log: Logger;
}

type Answer<Request> = (
  request: Request,
  call: ServerUnaryCall<Request, unknown>,
) => unknown | Promise<unknown>;

/** The methods of inference.GRPCInferenceService. */
export function inferenceService(options: GrpcOptions): UntypedServiceImplementation {
  const { dataPlane, log } = options;
  const unary =
    <Request>(answer: Answer<Request>): handleUnaryCall<Request, unknown> =>
    (call, callback) => {
      Promise.resolve()
        .then(() => answer(call.request, call))
        .then(
          (response) => callback(null, response),
          (error: unknown) => callback(statusOf(error, log)),
        );
    };
  return {
    ServerLive: unary(() => ({ live: dataPlane.live() })),
    ServerReady: unary(() => ({ ready: dataPlane.ready() })),
    ModelReady: unary<NameAndVersion>(({ name, version }) => ({
      ready: dataPlane.modelReady(name, version || undefined),
    })),
    ServerMetadata: unary(() => dataPlane.serverMetadata()),
    ModelMetadata: unary<NameAndVersion>(({ name, version }) =>
      dataPlane.modelMetadata(name, version || undefined),
    ),
    ModelInfer: unary<ModelInferRequest>((request, call) => infer(options, request, call)),
  };
}

function infer(
  options: GrpcOptions,
  request: ModelInferRequest,
  call: ServerUnaryCall<ModelInferRequest, unknown>,
): Promise<ModelInferResponse> {
  const { model_name: name, model_version: version } = request;
  return accounted(options, name, version || undefined, async (model, share) => {
    const inputs = tensorsOf(request);
    for (const { data } of inputs) share.take(byteLength(data));
    const run: InferRequest = {
      inputs,
      outputs: request.outputs.length > 0 ? request.outputs.map((output) => output.name) : undefined,
    };
    // A deadline that passes cancels the call as well.
    call.once("cancelled", () => (run.cancelled = true));
    const tensors = await options.dataPlane.infer(model, run);
    return {
      model_name: model.name,
      model_version: model.version,
      id: request.id,
      parameters: request.parameters,
      outputs: tensors.map(({ name, datatype, shape }) => ({ name, datatype, shape })),
      raw_output_contents: tensors.map(rawOutput),
    };
  });
}
