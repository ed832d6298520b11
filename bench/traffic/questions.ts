import { readFileSync } from "node:fs";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import protobuf from "protobufjs";
import { randomInputs, type V2Tensor } from "../../cli/up/proof-inputs";

const PROTO = join(__dirname, "../../runtime/grpc/proto/inference.proto");
/** Runs of another size or on another thread may add in another order. */
const TOLERANCE = 1e-4;

/** A request whose right answer is known for every version that may answer it. */
export interface Question {
  /** Body of a REST request. */
  readonly json: string;
  /** A ModelInferRequest without an id. */
  readonly message: object;
  /** By version and output. */
  readonly expected: ReadonlyMap<string, ReadonlyMap<string, Float32Array>>;
}

export interface VersionFile {
  readonly version: string;
  /** Path of the ONNX file. */
  readonly path: string;
}

export interface Output {
  readonly name: string;
  readonly data: ArrayLike<number>;
}

/** The message types of the protocol, as the server's own file has them. */
export const protocol = () => protobuf.loadSync(PROTO);

/** Random requests to a model of the catalogue, and what onnxruntime itself makes of each in every version. */
export async function makeQuestions(
  model: string,
  versions: readonly VersionFile[],
  count: number,
): Promise<Question[]> {
  const sessions = await Promise.all(
    versions.map(async ({ version, path }) => ({
      version,
      session: await InferenceSession.create(readFileSync(path), {
        intraOpNumThreads: 1,
        logSeverityLevel: 3,
      }),
    })),
  );
  const questions: Question[] = [];
  for (let i = 0; i < count; i++) {
    const inputs = randomInputs(model);
    if (!inputs) throw new Error(`no inputs are known for model ${model}`);
    const expected = new Map<string, Map<string, Float32Array>>();
    for (const { version, session } of sessions) {
      const results = await session
        .run(Object.fromEntries(inputs.map(tensorOf)))
        // A version that cannot answer this one: whatever it says would be wrong.
        .catch(() => ({}));
      const outputs = Object.entries(results).map(
        ([name, { data }]) => [name, Float32Array.from(data as Float32Array)] as const,
      );
      expected.set(version, new Map(outputs));
    }
    questions.push({ json: JSON.stringify({ inputs }), message: messageOf(model, inputs), expected });
  }
  await Promise.all(sessions.map(({ session }) => session.release()));
  return questions;
}

function tensorOf({ name, datatype, shape, data }: V2Tensor): [string, Tensor] {
  return datatype === "INT64"
    ? [name, new Tensor("int64", BigInt64Array.from(data, BigInt), shape)]
    : [name, new Tensor("float32", Float32Array.from(data), shape)];
}

function messageOf(modelName: string, inputs: readonly V2Tensor[]): object {
  return {
    modelName,
    inputs: inputs.map(({ name, datatype, shape, data }) => ({
      name,
      datatype,
      shape,
      contents: datatype === "INT64" ? { int64Contents: data } : { fp32Contents: data },
    })),
  };
}

/** What is wrong with an answer, in words; undefined where it is right for the version that says it gave it. */
export function mistakeIn(
  { expected }: Question,
  version: string,
  outputs: readonly Output[],
): string | undefined {
  const wanted = expected.get(version);
  if (!wanted) return `version "${version}" answered, which nobody asked for`;
  for (const [name, values] of wanted) {
    const data = outputs.find((output) => output.name === name)?.data;
    if (!data || data.length !== values.length) return `output ${name} has ${data?.length ?? "no"} values`;
    for (let i = 0; i < values.length; i++) {
      if (!(Math.abs(values[i]! - data[i]!) <= TOLERANCE))
        return `version ${version}: ${name}[${i}] is ${data[i]}, onnxruntime gives ${values[i]}`;
    }
  }
  return undefined;
}
