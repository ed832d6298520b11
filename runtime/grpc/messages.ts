import type Long from "long";

/** protobufjs gives a Long for every 64-bit field, and numbers are taken when writing. */
export type Int64 = Long | number;

/** Passed from request to response as it is. */
export type Parameters = Readonly<Record<string, object>>;

export interface TensorContents {
  readonly bool_contents: boolean[];
  readonly int_contents: number[];
  readonly int64_contents: Int64[];
  readonly uint_contents: number[];
  readonly uint64_contents: Int64[];
  readonly fp32_contents: number[];
  readonly fp64_contents: number[];
  readonly bytes_contents: Uint8Array[];
}

export interface InputTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: Int64[];
  /** null when the field is not there. */
  readonly contents: TensorContents | null;
}

export interface ModelInferRequest {
  readonly model_name: string;
  readonly model_version: string;
  readonly id: string;
  readonly parameters: Parameters;
  readonly inputs: InputTensor[];
  readonly outputs: { readonly name: string }[];
  readonly raw_input_contents: Uint8Array[];
}

export interface ModelInferResponse {
  readonly model_name: string;
  readonly model_version: string;
  readonly id: string;
  readonly parameters: Parameters;
  readonly outputs: { readonly name: string; readonly datatype: string; readonly shape: readonly number[] }[];
  readonly raw_output_contents: Uint8Array[];
}

export interface NameAndVersion {
  readonly name: string;
  readonly version: string;
}
