import { modelProblems } from "../internal/onnx/check-model";
import { DATATYPE_NAMES } from "../internal/onnx/element-types";
import type { ModelProvider } from "../internal/onnx/supported-operators";
import { fileTensors, tensorDifferences, type ModelTensor } from "../internal/onnx/tensors";
import { signatureKeyProblem } from "../internal/signature-key";
import type { Problems } from "../internal/validation";
import type { VersionFiles } from "./model-files";
import type { ModelOptions } from "./model-options";
import type { ModelArgs, ModelVersion, ResolvedVersion } from "./model-settings";

/** Records what is wrong with declared inputs or outputs. */
export function checkTensors(
  tensors: readonly ModelTensor[] | undefined,
  path: string,
  problems: Problems,
): void {
  problems.check(tensors?.length !== 0, path, "must name at least one tensor, or be left out");
  tensors?.forEach(({ name, datatype, shape }, i) => {
    problems.check(name !== "", `${path}[${i}].name`, "must not be empty");
    problems.check(
      tensors.findIndex((other) => other.name === name) === i,
      `${path}[${i}].name`,
      `"${name}" is there twice`,
    );
    problems.check(
      DATATYPE_NAMES.includes(datatype),
      `${path}[${i}].datatype`,
      `"${datatype}" must be one of ${DATATYPE_NAMES.join(", ")}`,
    );
    problems.check(
      shape.every((size) => Number.isInteger(size) && (size === -1 || size >= 0)),
      `${path}[${i}].shape`,
      `[${shape.join(", ")}] must be whole numbers of at least 0, or -1 for a free one`,
    );
  });
}

/** @returns whether there is a key that files can be checked with */
export function checkSignatureKey(key: string | undefined, problems: Problems): boolean {
  if (key === undefined) return false;
  const wrong = signatureKeyProblem(key);
  if (wrong !== undefined) problems.add("signatureKey", wrong);
  return wrong === undefined;
}

/** Records what is wrong with a version's files, and where they are not what the arguments say. */
export function checkFile(
  { file, sha256, source }: ModelVersion,
  { model, problems: found, ...files }: VersionFiles,
  { inputs, outputs }: ModelArgs,
  provider: ModelProvider,
  path: string,
  problems: Problems,
): void {
  for (const problem of found) problems.add(`${path}.file`, problem);
  if (!model) return;
  for (const problem of modelProblems(model, provider)) problems.add(`${path}.file`, `"${file}": ${problem}`);
  const differences = [
    ...(inputs
      ? tensorDifferences("input", inputs, "in `inputs`", fileTensors(model.inputs), "in the file")
      : []),
    ...(outputs
      ? tensorDifferences("output", outputs, "in `outputs`", fileTensors(model.outputs), "in the file")
      : []),
  ];
  for (const difference of differences) problems.add(`${path}.file`, `"${file}": ${difference}`);
  // An archive has a digest of its own.
  const isArchive = /\.(tar|tar\.gz|tgz)$/.test(source ?? "");
  if (sha256 === undefined || isArchive) return;
  problems.check(
    sha256 === files.sha256,
    `${path}.sha256`,
    `"${sha256}" is not the SHA-256 of "${file}", which is ${files.sha256}`,
  );
}

/** Clients that name no version get the newest: it must take and give what those before it did. */
export function checkSignatures(versions: readonly ResolvedVersion[], problems: Problems): void {
  const read = versions
    .map((version, i) => ({ ...version, i, model: version.files?.model }))
    .sort((a, b) => Number(a.version) - Number(b.version));
  let before: (typeof read)[number] | undefined;
  for (const version of read) {
    if (!version.model) continue;
    if (before?.model) {
      const there = `in version ${before.version}`;
      const here = `in version ${version.version}`;
      const sides = [
        ["input", before.model.inputs, version.model.inputs],
        ["output", before.model.outputs, version.model.outputs],
      ] as const;
      const differences = sides.flatMap(([side, old, now]) =>
        tensorDifferences(side, fileTensors(old), there, fileTensors(now), here),
      );
      if (differences.length > 0) {
        problems.add(
          `versions[${version.i}].file`,
          `${differences.join(", ")}: its clients would break; give it a name of its own, or set \`allowSignatureChange\``,
        );
      }
    }
    before = version;
  }
}

/** Rules and warm-up values are given by input; one that no version has would be refused by the server. */
export function checkInputNames(
  options: ModelOptions,
  versions: readonly ResolvedVersion[],
  problems: Problems,
): void {
  const { validation, warmup } = options as { validation?: object; warmup?: { inputs?: object } };
  const models = versions.flatMap(({ files }) => files?.model ?? []);
  if (models.length === 0) return;
  const names = [...new Set(models.flatMap(({ inputs }) => inputs.map(({ name }) => name)))];
  for (const [path, given] of [
    ["options.validation", validation],
    ["options.warmup.inputs", warmup?.inputs],
  ] as const) {
    for (const name of Object.keys(given ?? {})) {
      problems.check(
        names.includes(name),
        `${path}.${name}`,
        `is no input of the model, which has ${names.join(", ")}`,
      );
    }
  }
}
