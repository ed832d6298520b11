import type { ModelProvider } from "../internal/onnx/supported-operators";
import { fileTensors, type FileTensor } from "../internal/onnx/tensors";
import { Problems } from "../internal/validation";
import { checkFile, checkInputNames, checkSignatureKey, checkSignatures, checkTensors } from "./model-checks";
import { readVersionFiles } from "./model-files";
import { checkOptions, type ModelOptions } from "./model-options";
import { MODEL_DEFAULTS, type ModelArgs, type ResolvedModel, type ResolvedVersion } from "./model-settings";

/** S3 takes so many tags of an object. */
const MOST_TAGS = 10;

/**
 * Fills in the defaults, reads every file and checks everything.
 * @throws InputPropertiesError with every problem.
 */
export function resolveModel(name: string, args: ModelArgs): ResolvedModel {
  const problems = new Problems("Model", name);
  const modelName = args.modelName ?? name;
  const provider = args.provider ?? MODEL_DEFAULTS.provider;
  const tags = args.tags ?? MODEL_DEFAULTS.tags;
  problems.check(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(modelName),
    args.modelName === undefined ? "name" : "modelName",
    `"${modelName}" must be 1 to 63 letters, digits, ".", "_" or "-", beginning with a letter or digit`,
  );
  problems.check(["cpu", "cuda"].includes(provider), "provider", `"${provider}" must be one of cpu, cuda`);
  problems.check(
    Object.keys(tags).length <= MOST_TAGS,
    "tags",
    `${Object.keys(tags).length} are too many: an object of S3 has at most ${MOST_TAGS}`,
  );
  checkTensors(args.inputs, "inputs", problems);
  checkTensors(args.outputs, "outputs", problems);
  const signed = checkSignatureKey(args.signatureKey, problems);
  const versions = resolveVersions(args, provider, signed ? args.signatureKey : undefined, problems);
  if (args.allowSignatureChange !== true) checkSignatures(versions, problems);
  const options = resolveOptions(args, provider, versions, problems);
  problems.throwIfAny();
  return { modelName, versions, provider, signatureKey: args.signatureKey, options, tags };
}

function resolveVersions(
  args: ModelArgs,
  provider: ModelProvider,
  signatureKey: string | undefined,
  problems: Problems,
): ResolvedVersion[] {
  problems.check(args.versions.length > 0, "versions", "must have at least one");
  return args.versions.map((version, i) => {
    const path = `versions[${i}]`;
    problems.check(
      /^[1-9][0-9]{0,8}$/.test(version.version),
      `${path}.version`,
      `"${version.version}" must be a positive whole number, as in "1"`,
    );
    const earlier = args.versions.findIndex((other) => other.version === version.version);
    problems.check(earlier === i, `${path}.version`, `"${version.version}" is also versions[${earlier}]`);
    if (version.sha256 !== undefined) {
      problems.check(
        /^[0-9a-f]{64}$/.test(version.sha256),
        `${path}.sha256`,
        `"${version.sha256}" must be 64 lower-case hex digits`,
      );
    }
    if (version.file === undefined) {
      const { source, sha256 } = version;
      problems.check(
        source !== undefined && sha256 !== undefined,
        path,
        "must have `file`, or both `source` and `sha256`",
      );
      return { ...version, sha256: sha256 ?? "", files: undefined };
    }
    const files = readVersionFiles(version.file, signatureKey);
    checkFile(version, files, args, provider, path, problems);
    return { ...version, sha256: version.sha256 ?? files.sha256 ?? "", files };
  });
}

function resolveOptions(
  args: ModelArgs,
  provider: ModelProvider,
  versions: readonly ResolvedVersion[],
  problems: Problems,
): ModelOptions {
  const options = args.options ?? MODEL_DEFAULTS.options;
  checkOptions(options, problems);
  const elsewhere = args.versions.findIndex(({ source }) => source !== undefined);
  problems.check(
    Object.keys(options).length === 0 || elsewhere < 0,
    "options",
    `cannot be written for versions[${elsewhere}], which lies at its \`source\` already; write them into the model.json there`,
  );
  const { execution, labels } = options as { execution?: Readonly<Record<string, unknown>>; labels?: object };
  const providers = execution?.providers;
  if (Array.isArray(providers)) {
    problems.check(
      providers.includes("cuda") === (provider === "cuda"),
      "options.execution.providers",
      `[${providers.join(", ")}] does not fit \`provider\` "${provider}"; leave it out, and it follows from that`,
    );
  }
  for (const [label, version] of Object.entries(labels ?? {})) {
    problems.check(
      versions.some((one) => one.version === version),
      `options.labels.${label}`,
      `"${version}" is no version of this model, which has ${versions.map((one) => one.version).join(", ")}`,
    );
  }
  checkInputNames(options, versions, problems);
  if (provider === "cpu" || providers !== undefined) return options;
  return { ...options, execution: { ...execution, providers: ["cuda", "cpu"] } };
}

/** What the newest version that was read takes and gives; undefined where none was. */
export function newestRead(versions: readonly ResolvedVersion[]):
  | {
      readonly inputs: readonly FileTensor[];
      readonly outputs: readonly FileTensor[];
      readonly opset: number | undefined;
    }
  | undefined {
  const newest = versions
    .filter(({ files }) => files?.model !== undefined)
    .sort((a, b) => Number(b.version) - Number(a.version))[0]?.files?.model;
  if (!newest) return undefined;
  return {
    inputs: fileTensors(newest.inputs),
    outputs: fileTensors(newest.outputs),
    opset: newest.opsets.get(""),
  };
}
