import { addModel } from "../../../support/onnx-model";
import { modelFolder } from "../../support/model-folder";

/** A model that adds two pairs of INT64, in batches that wait: how long a message takes is known, and messages queue up. */
export function pairModel(waitMs: number): string {
  return modelFolder({
    "add/1/model.onnx": addModel("int64", ["n", 2]),
    "add/model.json": JSON.stringify({ batching: { maxBatchSize: 64, maxQueueDelayMs: waitMs } }),
  });
}

const pair = (name: string, values: readonly (number | string)[]) =>
  `{"name":"${name}","datatype":"INT64","shape":[1,2],"data":[${values.join(",")}]}`;

/** A request of that model as JSON; texts are numbers that JavaScript cannot hold. */
export function request(id: string | undefined, a: readonly (number | string)[], b = [1, 1]): string {
  const name = id === undefined ? "" : `"id":"${id}",`;
  return `{${name}"inputs":[${pair("a", a)},${pair("b", b)}]}`;
}

/** The same with its tensors as bytes, and how many bytes of JSON precede them. */
export function binaryRequest(id: string, a: bigint[], b: bigint[]): { body: Buffer; jsonLength: number } {
  const json = Buffer.from(
    JSON.stringify({
      id,
      inputs: ["a", "b"].map((name) => ({
        name,
        datatype: "INT64",
        shape: [1, 2],
        parameters: { binary_data_size: 16 },
      })),
      outputs: [{ name: "sum", parameters: { binary_data: true } }],
    }),
  );
  const tensors = [a, b].map((values) => Buffer.from(BigInt64Array.from(values).buffer));
  return { body: Buffer.concat([json, ...tensors]), jsonLength: json.length };
}
