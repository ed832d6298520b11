import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "../log";
import { messageOf } from "../message-of";
import { readPublicKeys } from "../models/public-keys";
import { describeOptions, UsageError } from "../option-table";
import { fetchUnlessInstalled } from "../pull/keep-verified";
import { parseReference } from "../pull/reference";
import { metricLine, modelOf } from "./emf";
import { FunctionServer } from "./function-server";
import { answerInvocation, type Outcome } from "./invocation";
import { LAMBDA_OPTIONS, parseLambdaOptions, type LambdaOptions } from "./lambda-options";
import { RuntimeApi, type Invocation } from "./runtime-api";

const HELP = `Usage: slipway lambda [options]

Serves models as an AWS Lambda function, of an image that needs nothing of AWS in it: the command of the function's image is
\`lambda\`. Takes requests of API Gateway (HTTP APIs and REST APIs) and of load balancers, and V2 requests as they are.

Options (each also as environment variable, which is how a function gets them):
${describeOptions(LAMBDA_OPTIONS)}
`;

/** Exits the process with this status once Lambda knows why. */
interface Expected {
  readonly exitCode?: unknown;
}

/** `slipway lambda`: answers events until Lambda ends the process. @throws what keeps it from serving, after Lambda was told */
export async function lambda(argv: readonly string[]): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(HELP);
    return 0;
  }
  const address = process.env.AWS_LAMBDA_RUNTIME_API;
  if (!address) {
    throw new UsageError(
      "AWS_LAMBDA_RUNTIME_API must be set, as it is inside AWS Lambda; `slipway serve` serves elsewhere.",
    );
  }
  // Only a function with extensions gets it, and nothing is left to save.
  process.on("SIGTERM", () => process.exit(0));
  const api = new RuntimeApi(address);
  const { server, options } = await start(argv).catch(async (error: unknown) => {
    await api.failInit({ errorType: `Slipway.${errorName(error)}`, errorMessage: messageOf(error) });
    throw error;
  });
  for (;;) {
    const invocation = await api.next();
    const started = performance.now();
    const outcome = await answerInvocation(server, invocation);
    await deliver(api, invocation, outcome);
    measure(options, server, outcome, performance.now() - started);
  }
}

async function start(argv: readonly string[]): Promise<{ server: FunctionServer; options: LambdaOptions }> {
  const options = parseLambdaOptions(argv, process.env);
  const log = createLogger(options.server.logLevel);
  await fetchModels(options);
  const server = await FunctionServer.start(await withKeys(options), log);
  log.info({ models: server.models() }, "models loaded");
  return { server, options };
}

/** What an environment that is started anew finds in /tmp is verified and not fetched again. */
async function fetchModels(options: LambdaOptions): Promise<void> {
  const publicKeys = readPublicKeys("--model-public-keys", options.server.modelPublicKeys);
  for (const { name, version, source, sha256, publicKey } of options.models) {
    await fetchUnlessInstalled(parseReference(source), {
      to: options.modelRepository,
      name,
      version,
      sha256,
      publicKeys: publicKey === undefined ? publicKeys : [publicKey],
      insecureRegistries: options.insecureRegistries,
      s3: { region: options.s3Region, endpoint: options.s3Endpoint, anonymous: false },
      maxBytes: options.maxBytes,
      onRetry: (error, waitMs) => process.stderr.write(`${messageOf(error)} Trying again in ${waitMs} ms.\n`),
      onDamage: (reason) => process.stderr.write(`${reason}; it is fetched again.\n`),
    });
  }
}

/** The server, too, takes only models that the given keys have signed. */
async function withKeys({ models, server }: LambdaOptions): Promise<LambdaOptions["server"]> {
  const keys = [...new Set(models.flatMap(({ publicKey }) => publicKey ?? []))];
  if (keys.length === 0) return server;
  const file = join(await mkdtemp(join(tmpdir(), "slipway-keys-")), "models.pem");
  await writeFile(file, keys.join("\n"));
  return { ...server, modelPublicKeys: [...server.modelPublicKeys, file] };
}

async function deliver(api: RuntimeApi, { requestId }: Invocation, outcome: Outcome): Promise<void> {
  if ("failure" in outcome) return api.fail(requestId, outcome.failure);
  if (await api.respond(requestId, outcome.payload)) return;
  await api.fail(requestId, {
    errorType: "Slipway.RequestRefused",
    errorMessage: `The answer takes ${outcome.payload.length} bytes, more than Lambda carries.`,
  });
}

function measure(
  { metricsNamespace }: LambdaOptions,
  server: FunctionServer,
  { request, status }: Outcome,
  milliseconds: number,
): void {
  if (metricsNamespace === undefined || request === undefined || status === undefined) return;
  const model = modelOf(request.url, server.models());
  if (model === undefined) return;
  const name = process.env.AWS_LAMBDA_FUNCTION_NAME ?? "";
  process.stdout.write(`${metricLine(metricsNamespace, name, { model, status, milliseconds })}\n`);
}

function errorName(error: unknown): string {
  return error instanceof Error && typeof (error as Expected).exitCode === "number"
    ? error.name
    : "InitFailure";
}
