import * as pulumi from "@pulumi/pulumi";
import { ENV, FUNCTION_MODELS_PATH } from "../../runtime/contract";
import type { ResolvedServerless } from "../serving/serverless-settings";
import { variableOf } from "./server-options";

/** Bytes of all names and values together that Lambda takes. */
const LARGEST_ENVIRONMENT = 4096;

/** The function's environment: which models it serves and how. */
export function functionEnvironment(
  settings: ResolvedServerless,
): Record<string, pulumi.Input<string>> | pulumi.Output<Record<string, string>> {
  const { models, repository, metricsNamespace } = settings;
  const own = {
    ...Object.fromEntries(
      Object.entries(settings.options).map(([option, value]) => [variableOf(option), String(value)]),
    ),
    ...(metricsNamespace === undefined ? {} : { [ENV.metricsNamespace]: metricsNamespace }),
  };
  if (models === undefined || repository === undefined) {
    return { ...own, [ENV.modelRepository]: settings.imageModels };
  }
  const access = repository.access(models);
  const listed = repository.withKeys(models).map((model) => ({
    name: model.name,
    version: model.version,
    source: access.sourceOf(model),
    sha256: model.sha256,
    ...(model.signatureKey === undefined ? {} : { publicKey: model.signatureKey }),
  }));
  // Credentials are the role's; what a pod needs for its own has no meaning here.
  const settingsOfSource = access.env.filter(
    ({ name }) => name === ENV.s3Region || name === ENV.insecureRegistries,
  );
  return pulumi.all([listed, settingsOfSource]).apply(([all, variables]) =>
    checkSize({
      ...own,
      ...Object.fromEntries(variables.map(({ name, value }) => [name, value])),
      [ENV.modelRepository]: FUNCTION_MODELS_PATH,
      [ENV.models]: JSON.stringify(all),
    }),
  );
}

/** What is wrong with the models, for the room that they take; undefined where there is enough. */
export function environmentProblem(environment: Readonly<Record<string, string>>): string | undefined {
  const bytes = Object.entries(environment).reduce((sum, pair) => sum + Buffer.byteLength(pair.join("")), 0);
  if (bytes <= LARGEST_ENVIRONMENT) return undefined;
  return `take ${bytes} bytes of environment, more than the ${LARGEST_ENVIRONMENT} of a function; use a further endpoint, shorter sources, or models in the image`;
}

function checkSize(environment: Record<string, string>): Record<string, string> {
  const reason = environmentProblem(environment);
  if (reason !== undefined) throw new pulumi.InputPropertyError({ propertyPath: "models", reason });
  return environment;
}
