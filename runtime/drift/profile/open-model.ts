import { createHash } from "node:crypto";
import { join } from "node:path";
import type { TensorData } from "../../dataplane/datatypes";
import { modelSpec, type ModelSpec } from "../../dataplane/model-spec";
import { messageOf } from "../../message-of";
import { probeBatching } from "../../models/batch-safety";
import { refusedType } from "../../models/element-types";
import { readModelConfig } from "../../models/model-config";
import { readSealedModel } from "../../models/model-trust";
import { modelNames, scanModel } from "../../models/repository";
import { openSealed } from "../../models/session-options";
import { loadLibrary, SessionRunner } from "../../models/session-runner";
import { usableCpus } from "../../cpu-quota";
import { DataMistake } from "../readers/source";
import type { InputColumns } from "./assign-columns";
import { sliceRows, type InputRows } from "./input-tensors";

/** Rows of one run, where rows may share one. */
const MOST_RUN_ROWS = 256;
/** Elements of one input in a run. */
const MOST_RUN_ELEMENTS = 1 << 20;

/** A model's file in a repository. */
export interface ModelFile {
  readonly name: string;
  readonly version: string;
  /** `<repository>/<name>/<version>`. */
  readonly folder: string;
  readonly file: string;
}

/** @throws DataMistake where the repository lacks it */
export async function findModel(repository: string, name: string, version?: string): Promise<ModelFile> {
  const model = await scanModel(repository, name);
  if (model === undefined) {
    const there = modelNames(repository);
    throw new DataMistake(
      `\`--model\` (${name}) is not in \`--model-repository\` (${repository}), which has ${there.length > 0 ? there.join(", ") : "no model"}.`,
    );
  }
  const chosen = version ?? model.versions.at(-1);
  if (chosen === undefined || !model.versions.includes(chosen)) {
    const there = model.versions.length > 0 ? model.versions.join(", ") : "none";
    throw new DataMistake(
      version === undefined
        ? `\`--model\` (${name}) has no version in \`--model-repository\` (${repository}); it needs \`${name}/1/model.onnx\`.`
        : `\`--version\` (${version}) is none of \`${name}\`, which has ${there}.`,
    );
  }
  const folder = join(model.dir, chosen);
  return { name, version: chosen, folder, file: join(folder, "model.onnx") };
}

/** A model that computes outputs for rows. */
export interface RowModel {
  readonly spec: ModelSpec;
  readonly sha256: string;
  /** Calls back with the outputs of each run, in their order. @throws DataMistake where the model does not take the rows */
  run(
    inputs: readonly InputColumns[],
    rows: InputRows,
    visit: (outputs: readonly TensorData[], rows: number) => void,
  ): Promise<void>;
  close(): Promise<void>;
}

/** Opens it as the server does: digests that `model.json` pins are checked. @throws DataMistake */
export async function openModel({ name, version, folder, file }: ModelFile): Promise<RowModel> {
  const refuse = (error: unknown): never => {
    throw new DataMistake(`version ${version} of \`${name}\` cannot be loaded: ${messageOf(error)}`, {
      cause: error,
    });
  };
  const { sha256, execution } = await readModelConfig(join(folder, "..")).catch(refuse);
  const sideFiles = Object.fromEntries(
    Object.entries(sha256)
      .filter(([path]) => path.startsWith(`${version}/`))
      .map(([path, digest]) => [path.slice(version.length + 1), digest]),
  );
  const sealed = await readSealedModel(file, { sha256: sha256[version], sideFiles }).catch(refuse);
  const { bytes } = sealed;
  const refused = refusedType(bytes);
  if (refused !== undefined) return refuse(refused);
  const library = loadLibrary();
  const { session, providers } = await openSealed(library, sealed, {
    file,
    intraOpThreads: usableCpus(),
    execution,
  }).catch(refuse);
  const runner = new SessionRunner(library, session, providers.length === 1);
  const declared = (tensors: SessionRunner["inputs"]) =>
    tensors.map(({ name: tensor, type, shape }) => ({
      name: tensor,
      datatype: type,
      shape: shape.map((size) => (typeof size === "number" ? size : -1)),
    }));
  let spec: ModelSpec;
  try {
    spec = modelSpec({ inputs: declared(runner.inputs), outputs: declared(runner.outputs) });
  } catch (error) {
    return refuse(error);
  }
  let together: boolean | undefined;
  return {
    spec,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    run: async (inputs, rows, visit) => {
      // Rows of different requests are batched only where that is proven to change nothing; here as well.
      together ??= (await probeBatching(runner, MOST_RUN_ROWS)).safe;
      const widest = Math.max(...inputs.map(({ width }) => width));
      const step = together
        ? Math.max(1, Math.min(MOST_RUN_ROWS, Math.floor(MOST_RUN_ELEMENTS / widest)))
        : 1;
      for (let from = 0; from < rows.rows; from += step) {
        const part = sliceRows(inputs, rows, from, Math.min(rows.rows, from + step));
        visit(await runOnce(runner, spec, inputs, part, name), part.rows);
      }
    },
    close: () => session.release(),
  };
}

async function runOnce(
  runner: SessionRunner,
  spec: ModelSpec,
  inputs: readonly InputColumns[],
  { rows, data }: InputRows,
  model: string,
): Promise<readonly TensorData[]> {
  const places = spec.inputs.map(({ name }) => inputs.findIndex((input) => input.name === name));
  const dims = spec.inputs.map(({ shape }, i) => {
    const { rowShape } = inputs[places[i]!]!;
    return shape[0] === -1 ? [rows, ...rowShape] : rowShape;
  });
  try {
    const outputs = await runner.run({ dims, data: places.map((place) => data[place]!) });
    return outputs.data;
  } catch (error) {
    throw new DataMistake(`\`${model}\` does not take the data: ${messageOf(error)}`, { cause: error });
  }
}
