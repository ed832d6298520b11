/** onnxruntime's names of element types. */
export type OnnxType =
  | "bool"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "float16"
  | "float32"
  | "float64"
  | "string";

/** One input or output of a model as its file declares it. */
export interface TensorSpec<Type = string> {
  readonly name: string;
  readonly datatype: Type;
  /** -1 where the size is free. */
  readonly shape: readonly number[];
}

/** What a model takes and gives. */
export interface Signature<Type = string> {
  readonly inputs: readonly TensorSpec<Type>[];
  readonly outputs: readonly TensorSpec<Type>[];
}
