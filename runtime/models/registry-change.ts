import type { ModelConfig } from "./model-config-types";
import type { ModelVersion } from "./registry-version";
import type { ModelFolder } from "./repository";

/** How a change of the repository is brought about. */
export interface Change {
  /** Loads versions again whose files have not changed. */
  readonly reload: boolean;
  /** The first load of the server, which readiness waits for and which evicts nothing. */
  readonly initial: boolean;
  /** Fields of `model.json` that take the place of the file's. */
  readonly override?: Readonly<Record<string, unknown>>;
}

/** A version that could not be loaded. */
export interface LoadProblem {
  readonly version: string;
  readonly reason: string;
  /** Whether only a change of the repository can help. */
  readonly lasting?: boolean;
}

/** What is added to the reason where something older goes on serving. */
export const KEPT = "The version that was loaded before goes on serving.";

/** Names of the models that a pipeline runs. */
export function partsOf({ pipeline }: ModelConfig): readonly string[] {
  return pipeline ? [...new Set(pipeline.steps.map(({ model }) => model))] : [];
}

/** A pipeline lies in `model.json` alone: without a folder for it, it is version 1. */
export function presentVersions({ versions }: ModelFolder, { pipeline }: ModelConfig): readonly string[] {
  if (versions.length > 0) return versions;
  if (pipeline) return ["1"];
  throw new Error("The model's folder holds no version: `model.onnx` must lie in a folder such as `1`.");
}

/** Says of a version that is asked for that it is not there. */
export function absent(entry: ModelVersion): LoadProblem {
  const { version } = entry;
  const reason = `\`versionPolicy\` in \`model.json\` asks for version ${version}, which the repository does not have.`;
  if (entry.servable) entry.set("READY", `${reason} ${KEPT}`);
  else entry.fail(reason);
  return { version, reason, lasting: true };
}

/** The part of the configuration that a version has to be loaded again for. */
export function sessionPart(config: ModelConfig, version: string): string {
  const digests = Object.entries(config.sha256).filter(([path]) => path.split("/", 1)[0] === version);
  return JSON.stringify({ ...config, labels: undefined, versionPolicy: undefined, sha256: digests });
}
