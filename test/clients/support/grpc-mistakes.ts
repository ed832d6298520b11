import { status } from "@grpc/grpc-js";

/** A call of gRPC as a mistaken or hostile client makes it. */
export interface GrpcMistake {
  readonly what: string;
  readonly method: string;
  readonly request: object;
  readonly code: status;
}

const floats = (count: number) => Buffer.from(new Float32Array(count).buffer);
const x = { name: "x", datatype: "FP32", shape: [1, 4] };
const contents = { fp32_contents: [1, 2, 3, 4] };

function infer(what: string, request: object, code = status.INVALID_ARGUMENT): GrpcMistake {
  return { what, method: "ModelInfer", request: { model_name: "echo-fp32", ...request }, code };
}

const call = (what: string, method: string, request: object, code: status): GrpcMistake => ({
  what,
  method,
  request,
  code,
});

/** One input, its bytes apart. */
const raw = (input: object, bytes = floats(4)) => ({
  inputs: [{ ...x, ...input }],
  raw_input_contents: [bytes],
});

export const GRPC_MISTAKES: readonly GrpcMistake[] = [
  infer("no inputs", {}),
  infer("an unknown model", { model_name: "nothing", ...raw({}) }, status.NOT_FOUND),
  infer("a model without a name", { model_name: "", ...raw({}) }, status.NOT_FOUND),
  infer("an unknown version", { model_version: "7", ...raw({}) }, status.NOT_FOUND),
  infer("an unknown input", raw({ name: "z" })),
  infer("an unknown datatype", raw({ datatype: "FP31" })),
  infer("a datatype that the model does not take", raw({ datatype: "FP64" }, Buffer.alloc(32))),
  infer("a shape of another rank", raw({ shape: [4] })),
  infer("a shape that the model does not take", raw({ shape: [1, 5] }, floats(5))),
  infer("a negative dimension", raw({ shape: [-1, 4] })),
  infer("a dimension of zero", raw({ shape: [0, 4] }, Buffer.alloc(0))),
  infer("dimensions whose product overflows", raw({ shape: ["4611686018427387904", 4] })),
  infer("a huge shape without the data for it", raw({ shape: [1_000_000_000, 4] })),
  infer("raw bytes that are cut off", raw({}, floats(4).subarray(0, 15))),
  infer("raw bytes that are too many", raw({}, floats(5))),
  infer("raw bytes of more inputs than there are", {
    inputs: [x],
    raw_input_contents: [floats(4), floats(4)],
  }),
  infer("raw and typed contents at once", { inputs: [{ ...x, contents }], raw_input_contents: [floats(4)] }),
  infer("neither raw nor typed contents", { inputs: [x] }),
  infer("typed contents that are too few", { inputs: [{ ...x, contents: { fp32_contents: [1] } }] }),
  infer("typed contents of another datatype", {
    inputs: [{ ...x, contents: { int_contents: [1, 2, 3, 4] } }],
  }),
  infer("typed contents beyond the datatype", {
    model_name: "echo-uint8",
    inputs: [{ ...x, datatype: "UINT8", contents: { uint_contents: [1, 2, 3, 256] } }],
  }),
  infer("texts whose lengths run past their end", {
    model_name: "echo-bytes",
    ...raw({ datatype: "BYTES" }, Buffer.of(255, 255, 255, 255, 1, 2)),
  }),
  infer("an unknown output", { ...raw({}), outputs: [{ name: "z" }] }),
  infer("the same output twice", { ...raw({}), outputs: [{ name: "y" }, { name: "y" }] }),
  call("metadata of an unknown model", "ModelMetadata", { name: "nothing" }, status.NOT_FOUND),
  call("configuration of an unknown model", "ModelConfig", { name: "nothing" }, status.NOT_FOUND),
  call("statistics of an unknown model", "ModelStatistics", { name: "nothing" }, status.NOT_FOUND),
  call(
    "loading where models are loaded at the start",
    "RepositoryModelLoad",
    { model_name: "add" },
    status.FAILED_PRECONDITION,
  ),
];
