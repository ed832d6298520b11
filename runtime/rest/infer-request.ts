import type { Tensor } from "../dataplane/tensor";

/** An inference request as its body says it. */
export interface BodyRequest {
  readonly id: string | undefined;
  readonly parameters: Record<string, unknown> | undefined;
  readonly inputs: readonly Tensor[];
  /** Outputs by name; all when left out. */
  readonly outputs: readonly string[] | undefined;
  /** Whether each of `outputs` is to travel as bytes; the default decides for undefined ones. */
  readonly binaryByOutput: readonly (boolean | undefined)[] | undefined;
  /** Request parameter `binary_data_output`. */
  readonly binaryByDefault: boolean;
}

/** A body and how much of it is JSON; tensors as bytes follow. */
export interface RequestBody {
  readonly bytes: Buffer;
  readonly jsonLength: number;
}

/** Parameters of the binary tensor data extension. */
export const BINARY_DATA_SIZE = "binary_data_size";
export const BINARY_DATA = "binary_data";
export const BINARY_DATA_OUTPUT = "binary_data_output";

/** The request as its answer repeats it where the model looks for outliers and this is one. */
export function markedAsOutlier<Request extends BodyRequest>(request: Request): Request {
  return { ...request, parameters: { ...request.parameters, outlier: true } };
}
