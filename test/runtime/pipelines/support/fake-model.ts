import type { Datatype } from "../../../../runtime/dataplane/datatypes";
import type { InferRequest } from "../../../../runtime/dataplane/infer-request";
import type { Tensor } from "../../../../runtime/dataplane/tensor";
import type { ModelMetrics } from "../../../../runtime/metrics/model-metrics";
import type { ModelConfig } from "../../../../runtime/models/model-config-types";
import type { Servable } from "../../../../runtime/models/servable";
import type { TensorSpec } from "../../../../runtime/models/signature";
import { FAKE_SETTINGS } from "../../support/fake-servable";

type Spec = TensorSpec<Datatype>;

/** `x: FP32 [-1, 2]` as a tensor of a model. */
export function spec(text: string): Spec {
  const [, name, datatype, sizes] = /^(\w+): (\w+) \[(.*)\]$/.exec(text)!;
  const shape = sizes === "" ? [] : sizes!.split(", ").map(Number);
  return { name: name!, datatype: datatype as Datatype, shape };
}

export const floats = (name: string, values: number[], shape = [values.length]): Tensor => ({
  name,
  datatype: "FP32",
  shape,
  data: new Float32Array(values),
});

export const ignoredMetrics = {
  observe: () => undefined,
  remove: () => undefined,
} as unknown as ModelMetrics;

type Answer = (request: InferRequest) => readonly Tensor[] | Promise<readonly Tensor[]>;

/** Stands in for a loaded model: takes and gives what it is told, and takes its inputs away as a worker does. */
export class FakeModel implements Servable {
  readonly requests: InferRequest[] = [];
  readonly inputs: Tensor[][] = [];
  readonly settings = FAKE_SETTINGS;
  readonly metrics = ignoredMetrics;
  readonly spec: { readonly inputs: Spec[]; readonly outputs: Spec[] };
  config: ModelConfig = { sha256: {} };
  unavailable: string | undefined;
  readonly memoryBytes = 0;
  readonly busyCount = 0;
  readonly lastUsed = 0;

  constructor(
    readonly name: string,
    inputs: readonly string[],
    outputs: readonly string[],
    private readonly answer: Answer,
    readonly version = "1",
  ) {
    this.spec = { inputs: inputs.map(spec), outputs: outputs.map(spec) };
  }

  async infer(request: InferRequest): Promise<Tensor[]> {
    this.requests.push(request);
    this.inputs.push([...request.inputs]);
    const taken = request.inputs.map((tensor) => {
      const { data } = tensor;
      // A model transfers arrays that are alone in their buffer, which the sender then has no more, and copies others.
      if (Array.isArray(data) || data.byteLength < data.buffer.byteLength) return tensor;
      const buffer = structuredClone(data.buffer, { transfer: [data.buffer as ArrayBuffer] }) as ArrayBuffer;
      return { ...tensor, data: new (data.constructor as Float32ArrayConstructor)(buffer) };
    });
    const tensors = await this.answer({ ...request, inputs: taken, outputs: request.outputs });
    return tensors.filter(({ name }) => !request.outputs || request.outputs.includes(name));
  }

  retire(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A model of one input `x` and one output `y` that maps each number. */
export function mapper(name: string, map: (value: number) => number, version = "1"): FakeModel {
  return new FakeModel(
    name,
    ["x: FP32 [-1]"],
    ["y: FP32 [-1]"],
    ({ inputs: [x] }) => [floats("y", Array.from(x!.data as Float32Array, map))],
    version,
  );
}

/** A model that answers with what it got, once it is told to finish. */
export function heldModel(name: string): { model: FakeModel; finish(): void } {
  let finish!: () => void;
  const model = new FakeModel(name, ["x: FP32 [-1]"], ["y: FP32 [-1]"], async ({ inputs: [x] }) => {
    await new Promise<void>((resolve) => (finish = resolve));
    return [{ ...x!, name: "y" }];
  });
  return { model, finish: () => finish() };
}
