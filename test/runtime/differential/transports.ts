import assert from "node:assert/strict";
import { DATATYPES, type Datatype, type TensorData } from "../../../runtime/dataplane/datatypes";
import { float16Bits, float16Value } from "../../../runtime/dataplane/float16";
import type { GrpcClient } from "../support/grpc-client";
import type { RunningServer } from "../support/running-server";

export interface NamedTensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

interface Reached {
  readonly server: RunningServer;
  readonly client: GrpcClient;
}

/** A way to ask the server; written apart from the server's own codecs, so that a mistake shows. */
export interface Transport {
  readonly name: string;
  infer(
    to: Reached,
    model: string,
    inputs: readonly NamedTensor[],
    outputs: readonly string[],
  ): Promise<NamedTensor[]>;
}

interface Head {
  name: string;
  datatype: Datatype;
  shape: number[];
}

/** Little-endian bytes; texts with their length before them. */
function toBytes(data: TensorData): Buffer {
  if (!Array.isArray(data)) return Buffer.from(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  return Buffer.concat(
    data.flatMap((text) => {
      const content = Buffer.from(text, "utf8");
      const length = Buffer.alloc(4);
      length.writeUInt32LE(content.length);
      return [length, content];
    }),
  );
}

function fromBytes(datatype: Datatype, bytes: Buffer): TensorData {
  const { array } = DATATYPES[datatype] as {
    array?: new (buffer: ArrayBuffer) => Exclude<TensorData, string[]>;
  };
  if (array) return new array(new Uint8Array(bytes).buffer);
  const texts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32LE(at);
    texts.push(bytes.toString("utf8", at + 4, at + 4 + length));
    at += 4 + length;
  }
  return texts;
}

/** JSON of a tensor's data; whole numbers of 64 bits as digits, which `JSON.stringify` cannot write. */
function toJson({ datatype, data }: NamedTensor): string {
  const elements = Array.from(data as ArrayLike<number | bigint | string>, (value) => {
    if (typeof value === "bigint") return String(value);
    if (datatype === "FP16") return String(float16Value(value as number));
    if (datatype === "BOOL") return String(value !== 0);
    return JSON.stringify(value);
  });
  return `[${elements.join(",")}]`;
}

function fromJson(datatype: Datatype, values: readonly (number | string | boolean)[]): TensorData {
  if (datatype === "BYTES") return values as string[];
  const { array } = DATATYPES[datatype] as unknown as { array: { from(values: unknown[]): TensorData } };
  return array.from(
    values.map((value) => {
      if (datatype === "INT64" || datatype === "UINT64") return BigInt(value);
      return datatype === "FP16" ? float16Bits(value as number) : Number(value);
    }),
  );
}

/** Puts whole numbers that JavaScript would round into quotes. */
const exact = (text: string) => text.replace(/(?<=[[,:])-?\d{16,}(?=[,\]}])/g, '"$&"');

async function post(
  url: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Response> {
  const response = await fetch(url, { method: "POST", body, headers });
  if (response.status !== 200) assert.fail(`${response.status}: ${await response.text()}`);
  return response;
}

const json: Transport = {
  name: "REST JSON",
  async infer({ server }, model, inputs, outputs) {
    const parts = inputs.map(
      (input) =>
        `{"name":"${input.name}","datatype":"${input.datatype}","shape":[${input.shape.join(",")}],"data":${toJson(input)}}`,
    );
    const wanted = JSON.stringify(outputs.map((name) => ({ name })));
    const url = server.url(`/v2/models/${model}/infer`);
    const response = await post(url, `{"inputs":[${parts.join(",")}],"outputs":${wanted}}`);
    const answer = JSON.parse(exact(await response.text())) as { outputs: (Head & { data: never[] })[] };
    return answer.outputs.map(({ name, datatype, shape, data }) => ({
      name,
      datatype,
      shape,
      data: fromJson(datatype, data),
    }));
  },
};

const binary: Transport = {
  name: "REST binary",
  async infer({ server }, model, inputs, outputs) {
    const contents = inputs.map(({ data }) => toBytes(data));
    const head = Buffer.from(
      JSON.stringify({
        inputs: inputs.map(({ name, datatype, shape }, i) => ({
          name,
          datatype,
          shape,
          parameters: { binary_data_size: contents[i]!.length },
        })),
        outputs: outputs.map((name) => ({ name, parameters: { binary_data: true } })),
      }),
    );
    const response = await post(server.url(`/v2/models/${model}/infer`), Buffer.concat([head, ...contents]), {
      "Inference-Header-Content-Length": String(head.length),
    });
    const body = Buffer.from(await response.arrayBuffer());
    let at = Number(response.headers.get("inference-header-content-length"));
    const answer = JSON.parse(body.toString("utf8", 0, at)) as {
      outputs: (Head & { parameters: { binary_data_size: number } })[];
    };
    return answer.outputs.map(({ name, datatype, shape, parameters }) => {
      const bytes = body.subarray(at, (at += parameters.binary_data_size));
      return { name, datatype, shape, data: fromBytes(datatype, bytes) };
    });
  },
};

const grpc: Transport = {
  name: "gRPC",
  async infer({ client }, model, inputs, outputs) {
    const answer = (await client.call("ModelInfer", {
      model_name: model,
      inputs: inputs.map(({ name, datatype, shape }) => ({ name, datatype, shape })),
      outputs: outputs.map((name) => ({ name })),
      raw_input_contents: inputs.map(({ data }) => toBytes(data)),
    })) as { outputs: (Omit<Head, "shape"> & { shape: unknown[] })[]; raw_output_contents: Uint8Array[] };
    return answer.outputs.map(({ name, datatype, shape }, i) => ({
      name,
      datatype,
      shape: shape.map(Number),
      data: fromBytes(datatype, Buffer.from(answer.raw_output_contents[i]!)),
    }));
  },
};

export const TRANSPORTS: readonly Transport[] = [json, binary, grpc];
