import type { Tensor } from "../dataplane/tensor";
import type { GrpcOptions } from "./grpc-options";
import { decodeInferRequest, type InferRequestMessage } from "./infer-request-message";
import { encodeInferResponse, type InferAnswer } from "./infer-response-message";
import { runInference, unresolved, type InferenceOutcome } from "./run-inference";
import type { Call } from "./transport/call";

/** ModelInfer. */
export function inferUnary(options: GrpcOptions, call: Call, bytes: Buffer): void {
  const started = performance.now();
  const outcome = new UnaryOutcome(call);
  let message: InferRequestMessage;
  try {
    message = decodeInferRequest(bytes);
  } catch (error) {
    unresolved(options, error, outcome);
    return;
  }
  runInference(options, call, message, call.share, outcome, started);
}

class UnaryOutcome implements InferenceOutcome {
  constructor(private readonly call: Call) {}

  answered(answer: InferAnswer, tensors: readonly Tensor[]): Buffer {
    return encodeInferResponse(answer, tensors);
  }

  sent(frame: Buffer): void {
    this.call.answer(frame);
  }

  failed(error: unknown): void {
    this.call.refuse(error);
  }
}
