import { messageOf } from "../message-of";
import {
  completeOptions,
  describeOptions,
  parseArguments,
  UsageError,
  type OptionSpec,
} from "../option-table";
import { fetchModel } from "./fetch-model";
import { PullFailure } from "./pull-failure";
import { parseReference } from "./reference";

interface PullOptions {
  readonly to: string;
  readonly name?: string;
  readonly version?: string;
  readonly sha256?: string;
  readonly insecureRegistries: readonly string[];
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
    doc: "version to install; left out, every version that the source holds",
  },
  sha256: {
    type: "text",
    optional: true,
    doc: "SHA-256 in hex that `model.onnx` must have; takes one source",
  },
  insecureRegistries: {
    type: "list",
    default: [],
    doc: "registries (`host:port`) that speak plain HTTP; may be repeated. Digests are verified all the same",
  },
} as const satisfies Record<keyof PullOptions, OptionSpec>;

const HELP = `Usage: slipway pull --to DIR [options] SOURCE...

Fetches models into a repository and verifies every digest. Sources:
  oci://<registry>/<repository>@sha256:<digest>
  file:<folder of a model>

Options (each also as environment variable):
${describeOptions(PULL_OPTIONS)}
`;

function parse(argv: readonly string[]): { options: PullOptions; sources: string[] } {
  const { values, positionals } = parseArguments(PULL_OPTIONS, "pull", argv, process.env);
  const options = completeOptions(PULL_OPTIONS, values) as unknown as PullOptions;
  if (positionals.length === 0)
    throw new UsageError("A model source must be given; `slipway pull --help` shows the forms.");
  if (options.sha256 !== undefined && !/^[0-9a-f]{64}$/.test(options.sha256)) {
    throw new UsageError(`\`--sha256\` (${options.sha256}) must be 64 lower-case hex digits.`);
  }
  if (positionals.length > 1 && (options.sha256 ?? options.name ?? options.version) !== undefined) {
    throw new UsageError("`--name`, `--version` and `--sha256` take one source; run pull once per model.");
  }
  return { options, sources: positionals };
}

/** `slipway pull`. @returns the exit status. @throws UsageError or PullFailure */
export async function pull(argv: readonly string[]): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(HELP);
    return 0;
  }
  const { options, sources } = parse(argv);
  const references = sources.map(parseReference);
  for (const [i, reference] of references.entries()) {
    try {
      const dir = await fetchModel(reference, {
        ...options,
        onRetry: (error, waitMs) =>
          process.stderr.write(`${messageOf(error)} Trying again in ${waitMs} ms.\n`),
      });
      process.stdout.write(`${sources[i]} is in ${dir}\n`);
    } catch (error) {
      if (error instanceof PullFailure) throw error;
      throw new PullFailure(
        `${sources[i]} cannot be installed in ${options.to}: ${messageOf(error)}.`,
        false,
        { cause: error },
      );
    }
  }
  return 0;
}
