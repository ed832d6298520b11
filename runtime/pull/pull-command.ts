import { messageOf } from "../message-of";
import { readPublicKeys } from "../models/public-keys";
import {
  completeOptions,
  describeOptions,
  parseArguments,
  UsageError,
  type OptionSpec,
} from "../option-table";
import { installFailure } from "./install-failure";
import { DEFAULT_MAX_BYTES, fetchModel, type FetchOptions } from "./fetch-model";
import { fetchUnlessInstalled, keepOnly, type KeptOptions } from "./keep-verified";
import { PullFailure } from "./pull-failure";
import { parseReference, shownUrl, type ModelReference } from "./reference";
import { readRegistryAuth } from "./registry-auth";
import { checkEndpoint } from "./s3-access";

interface PullOptions {
  readonly to: string;
  readonly name?: string;
  readonly version?: string;
  readonly sha256?: string;
  readonly keepVerified: boolean;
  readonly keepOnly: readonly string[];
  readonly publicKey: readonly string[];
  readonly registryAuthFile?: string;
  readonly insecureRegistries: readonly string[];
  readonly s3Endpoint?: string;
  readonly s3Region?: string;
  readonly s3PathStyle?: boolean;
  readonly s3Anonymous: boolean;
  readonly maxBytes: number;
}

/** Every option of `slipway pull`, once. */
export const PULL_OPTIONS = {
  to: { type: "path", doc: "model repository to install into; made where it is missing" },
  name: {
    type: "text",
    optional: true,
    doc: "name of the model's folder; left out, the artifact's own name",
  },
  version: {
    type: "text",
    optional: true,
    doc: "version to install; left out, every version that the source holds, and 1 for a bare `.onnx`",
  },
  sha256: {
    type: "text",
    optional: true,
    doc: "SHA-256 in hex: of the file where the source is one (`.onnx`, archive), else of `model.onnx`, whose weights in files of their own then need `--public-key` or their digests in the source's `model.json`; takes one source",
  },
  keepVerified: {
    type: "boolean",
    default: false,
    doc: "takes the model as an earlier pull with this flag left it, without asking its source, if every file still has its digest; needs `--name`, `--version` and `--sha256`. What changed at a source that names no content (a folder of a bucket) is then not seen",
  },
  keepOnly: {
    type: "list",
    default: [],
    doc: "`<name>/<version>` of everything that the repository is to hold: other versions that pulls with `--keep-verified` left are removed in the end; may be repeated",
  },
  publicKey: {
    type: "list",
    default: [],
    doc: "PEM files of Ed25519 public keys, one of which must have signed every `model.onnx` (`model.onnx.sig` beside it); may be repeated",
  },
  registryAuthFile: {
    type: "path",
    optional: true,
    doc: "credentials for registries and web servers, a `config.json` as `docker login` and Kubernetes' image pull secrets have it",
  },
  insecureRegistries: {
    type: "list",
    default: [],
    doc: "registries, web servers and S3 endpoints (`host:port`) that speak plain HTTP; may be repeated. Digests are verified all the same",
  },
  s3Endpoint: {
    type: "text",
    optional: true,
    doc: "address of an S3 store other than AWS: `https://host[:port]`",
  },
  s3Region: {
    type: "text",
    optional: true,
    doc: "region of the bucket; left out, AWS_REGION or the AWS configuration says",
  },
  s3PathStyle: {
    type: "boolean",
    optional: true,
    doc: "asks for `endpoint/bucket` instead of `bucket.endpoint`; left out, true with `--s3-endpoint`",
  },
  s3Anonymous: {
    type: "boolean",
    default: false,
    doc: "asks a public bucket without credentials; else AWS' own search finds them (environment, files, web identity, instance)",
  },
  maxBytes: {
    type: "integer",
    default: DEFAULT_MAX_BYTES,
    least: 1,
    doc: "largest file, and largest archive when unpacked, in bytes",
  },
} as const satisfies Record<keyof PullOptions, OptionSpec>;

const HELP = `Usage: slipway pull --to DIR [options] SOURCE...

Fetches models into a repository. What is there is verified before it is placed, and placed in one step; a download that
breaks off goes on where it ended, also when pull is run again. Sources:
  oci://<registry>/<repository>@sha256:<digest>
      an artifact of the model's files
  https://<host>/<path>
      a bare .onnx, or an archive (.tar, .tar.gz, .tgz) of a model's folder; needs --sha256 or --public-key
  s3://<bucket>/<prefix>
      a model's folder: the objects below the prefix; or one object that is a .onnx or an archive
  file:<path>
      a model's folder, a .onnx or an archive

A model's folder holds <version>/model.onnx, and perhaps model.json and <version>/model.onnx.sig.

Options (each also as environment variable):
${describeOptions(PULL_OPTIONS)}

Authorities of one's own are named by NODE_EXTRA_CA_CERTS=<file>.

Examples:
  slipway pull --to models oci://registry.example.com/models/ocr@sha256:…
  slipway pull --to models --name ocr --version 4 --sha256 … https://models.example.com/ocr-4.onnx
  slipway pull --to models --public-key release.pem https://models.example.com/ocr.tar.gz
  slipway pull --to models --s3-endpoint https://minio.example.com s3://models/ocr
`;

function parse(argv: readonly string[]): { options: PullOptions; sources: string[] } {
  const { values, positionals } = parseArguments(PULL_OPTIONS, "pull", argv, process.env, true);
  const options = completeOptions(PULL_OPTIONS, values) as unknown as PullOptions;
  if (positionals.length === 0)
    throw new UsageError("A model source must be given; `slipway pull --help` shows the forms.");
  if (options.sha256 !== undefined && !/^[0-9a-f]{64}$/.test(options.sha256)) {
    throw new UsageError(`\`--sha256\` (${options.sha256}) must be 64 lower-case hex digits.`);
  }
  if (positionals.length > 1 && (options.sha256 ?? options.name ?? options.version) !== undefined) {
    throw new UsageError("`--name`, `--version` and `--sha256` take one source; run pull once per model.");
  }
  if (options.keepVerified && (!options.name || !options.version || !options.sha256)) {
    throw new UsageError(
      "`--keep-verified` needs `--name`, `--version` and `--sha256`: they say what must be there.",
    );
  }
  const wrong = options.keepOnly.find((kept) => !/^[^/]+\/[1-9]\d{0,17}$/.test(kept));
  if (wrong !== undefined) {
    throw new UsageError(`\`--keep-only\` (${wrong}) must be \`<name>/<version>\`, as in \`ocr/4\`.`);
  }
  return { options, sources: positionals };
}

function fetchOptions(options: PullOptions): FetchOptions {
  const { s3Endpoint, registryAuthFile, insecureRegistries } = options;
  if (s3Endpoint !== undefined) checkEndpoint(s3Endpoint, insecureRegistries);
  return {
    to: options.to,
    name: options.name,
    version: options.version,
    sha256: options.sha256,
    publicKeys: readPublicKeys("--public-key", options.publicKey),
    insecureRegistries,
    authorization: registryAuthFile === undefined ? undefined : readRegistryAuth(registryAuthFile),
    s3: {
      endpoint: s3Endpoint,
      region: options.s3Region,
      pathStyle: options.s3PathStyle,
      anonymous: options.s3Anonymous,
    },
    maxBytes: options.maxBytes,
    onRetry: (error, waitMs) => process.stderr.write(`${messageOf(error)} Trying again in ${waitMs} ms.\n`),
  };
}

/** `slipway pull`. @returns the exit status. @throws UsageError or PullFailure */
export async function pull(argv: readonly string[]): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(HELP);
    return 0;
  }
  const { options, sources } = parse(argv);
  const references = sources.map(parseReference);
  const common = fetchOptions(options);
  for (const [i, reference] of references.entries()) {
    const source = reference.kind === "web" ? shownUrl(reference.url) : sources[i];
    try {
      process.stdout.write(`${source} ${await install(reference, common, options)}\n`);
    } catch (error) {
      if (error instanceof PullFailure || error instanceof UsageError) throw error;
      throw installFailure(String(source), options.to, error);
    }
  }
  // An empty list says nothing about what is wanted.
  const removed = options.keepOnly.length > 0 ? await keepOnly(options.to, options.keepOnly) : [];
  for (const version of removed) process.stdout.write(`${version} is not wanted any more and was removed\n`);
  return 0;
}

/** @returns where the model is now, for people */
async function install(
  reference: ModelReference,
  common: FetchOptions,
  { keepVerified }: PullOptions,
): Promise<string> {
  if (!keepVerified) return `is in ${await fetchModel(reference, common)}`;
  const onDamage = (reason: string) =>
    process.stderr.write(`${reason[0]!.toUpperCase()}${reason.slice(1)}; it is fetched again.\n`);
  // The parser has seen that what names the model is there.
  const { dir, kept } = await fetchUnlessInstalled(reference, { ...common, onDamage } as KeptOptions);
  return kept ? `is in ${dir} already, every file with its digest` : `is in ${dir}`;
}
