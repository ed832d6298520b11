/**
 * Runs one request with onnxruntime directly, in a process of its own: the reference that `up` holds the gateway's
 * answer against. Usage: node -r tsx/cjs direct-session.ts MODEL.onnx < request.json > outputs.json
 */
import { readFileSync } from "node:fs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { V2Tensor } from "./proof-inputs";

async function main(): Promise<void> {
  const session = await InferenceSession.create(process.argv[2]!, { logSeverityLevel: 3 });
  const { inputs } = JSON.parse(readFileSync(0, "utf8")) as { inputs: V2Tensor[] };
  const feeds = Object.fromEntries(
    inputs.map(({ name, datatype, shape, data }) => [
      name,
      datatype === "INT64"
        ? new Tensor("int64", BigInt64Array.from(data.map(BigInt)), shape)
        : new Tensor("float32", Float32Array.from(data), shape),
    ]),
  );
  const outputs = await session.run(feeds);
  const plain = Object.entries(outputs).map(([name, tensor]) => ({
    name,
    shape: [...tensor.dims],
    data: Array.from(tensor.data as Float32Array, Number),
  }));
  process.stdout.write(JSON.stringify(plain));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
