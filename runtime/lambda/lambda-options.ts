import { FUNCTION_MODELS_PATH, FUNCTION_OPTIONS } from "../contract";
import { isPublicKey } from "../models/public-keys";
import { completeOptions, parseArguments, UsageError, type OptionSpec } from "../option-table";
import { resolveServerOptions, SERVER_OPTIONS, type ServerOptions } from "../options";
import { PULL_OPTIONS } from "../pull/pull-command";

/** A model that a function fetches when it starts. */
export interface FunctionModel {
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly sha256: string;
  /** Ed25519 key, PEM, that must have signed it. A function has no files but those of its image to name keys by. */
  readonly publicKey?: string;
}

/** What only a function has. */
interface OwnOptions {
  readonly modelRepository: string;
  readonly models: readonly FunctionModel[];
  readonly metricsNamespace?: string;
  readonly s3Region?: string;
  readonly s3Endpoint?: string;
  readonly insecureRegistries: readonly string[];
  readonly maxBytes: number;
}

export interface LambdaOptions extends OwnOptions {
  readonly server: ServerOptions;
}

/** Options of `slipway serve` that have a meaning in a function; ports, TLS and draining have none. */
const SERVING = [
  ...FUNCTION_OPTIONS,
  "jwksFile",
  "jwksUrl",
  "jwtIssuer",
  "jwtAudience",
  "jwtAlgorithms",
  "jwtClockSkew",
  "apiKeysFile",
  "modelPublicKeys",
] as const satisfies readonly (keyof ServerOptions)[];

/** What a function does otherwise than a server. */
const NO_COMPANY = { batching: "off" } as const;

const OWN = {
  modelRepository: {
    type: "path",
    default: FUNCTION_MODELS_PATH,
    doc: "folder of models; `--models` are fetched into it, and without them the image must bring it",
  },
  models: {
    type: "text",
    optional: true,
    doc: 'models to fetch and verify before the first request, as JSON: `[{"name":…,"version":…,"source":…,"sha256":…}]`, sources as `slipway pull` takes them; with `"publicKey"`, an Ed25519 key as PEM, only if signed by it',
  },
  metricsNamespace: {
    type: "text",
    optional: true,
    doc: "CloudWatch namespace for requests, errors and time per model (embedded metric format); left out, none are written",
  },
  s3Region: PULL_OPTIONS.s3Region,
  s3Endpoint: PULL_OPTIONS.s3Endpoint,
  insecureRegistries: PULL_OPTIONS.insecureRegistries,
  maxBytes: PULL_OPTIONS.maxBytes,
} as const satisfies Record<keyof OwnOptions, OptionSpec>;

/** Every option of `slipway lambda`, once. */
export const LAMBDA_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  ...OWN,
  ...Object.fromEntries(SERVING.map((key) => [key, SERVER_OPTIONS[key]])),
  batching: {
    ...SERVER_OPTIONS.batching,
    default: NO_COMPANY.batching,
    doc: `${SERVER_OPTIONS.batching.doc}; off here, as an environment has one request at a time and its start should be short`,
  },
};

/** @throws UsageError */
export function parseLambdaOptions(argv: readonly string[], env: NodeJS.ProcessEnv): LambdaOptions {
  const { values } = parseArguments(LAMBDA_OPTIONS, "lambda", argv, env);
  const own = Object.fromEntries(Object.entries(values).filter(([key]) => key in OWN));
  const { models, ...complete } = completeOptions(OWN, own) as unknown as Omit<OwnOptions, "models"> & {
    readonly models?: string;
  };
  const serving = Object.fromEntries(Object.entries(values).filter(([key]) => !(key in OWN)));
  const server = resolveServerOptions({
    ...NO_COMPANY,
    ...serving,
    modelRepository: complete.modelRepository,
  });
  return { ...complete, models: models === undefined ? [] : parseModels(models), server };
}

const FIELDS = ["name", "version", "source", "sha256"] as const;

function parseModels(text: string): FunctionModel[] {
  const wrong = (what: string) =>
    new UsageError(
      `\`--models\` must be a JSON list of models, each with ${FIELDS.map((field) => `\`${field}\``).join(", ")}: ${what}.`,
    );
  let models: unknown;
  try {
    models = JSON.parse(text);
  } catch (error) {
    throw wrong((error as Error).message);
  }
  if (!Array.isArray(models)) throw wrong("it is no list");
  return models.map((model: unknown, i) => {
    const fields = (typeof model === "object" && model !== null ? model : {}) as Record<string, unknown>;
    const missing = FIELDS.find((field) => typeof fields[field] !== "string" || fields[field] === "");
    if (missing !== undefined) throw wrong(`\`${missing}\` of model ${i + 1} must be a text`);
    const { publicKey } = fields;
    if (publicKey !== undefined && !isPublicKey(publicKey))
      throw wrong(`\`publicKey\` of model ${i + 1} must be an Ed25519 public key as PEM`);
    return fields as unknown as FunctionModel;
  });
}
