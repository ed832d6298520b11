import type { handleUnaryCall, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Logger } from "pino";
import type { DataPlane } from "../dataplane/dataplane";
import { publicError } from "../errors";
import type { Metrics } from "../metrics/metrics";
import type { InferRequest, ServedModel } from "../models/served-model";
import { rawOutput, tensorsOf } from "./infer-codec";
import type { ModelInferRequest, ModelInferResponse, NameAndVersion } from "./messages";
import { statusOf } from "./status";

export interface GrpcOptions {
  readonly dataPlane: DataPlane;
  readonly metrics: Metrics;
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

async function infer(
  options: GrpcOptions,
  request: ModelInferRequest,
  call: ServerUnaryCall<ModelInferRequest, unknown>,
): Promise<ModelInferResponse> {
  let model: ServedModel;
  try {
    model = options.dataPlane.resolve(request.model_name, request.model_version || undefined);
  } catch (error) {
    options.metrics.unknownModel(publicError(error).code);
    throw error;
  }
  const started = performance.now();
  try {
    const run: InferRequest = {
      inputs: tensorsOf(request),
      outputs: request.outputs.length > 0 ? request.outputs.map(({ name }) => name) : undefined,
    };
    // A deadline that passes cancels the call as well.
    call.once("cancelled", () => (run.cancelled = true));
    const tensors = await options.dataPlane.infer(model, run);
    const response: ModelInferResponse = {
      model_name: model.name,
      model_version: model.version,
      id: request.id,
      parameters: request.parameters,
      outputs: tensors.map(({ name, datatype, shape }) => ({ name, datatype, shape })),
      raw_output_contents: tensors.map(rawOutput),
    };
    model.metrics.succeeded((performance.now() - started) / 1000);
    return response;
  } catch (error) {
    model.metrics.failed(publicError(error).code, (performance.now() - started) / 1000);
    throw error;
  }
}
