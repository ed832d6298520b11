import { invalid } from "../errors";
import type { OutputMessage } from "./infer-request-message";
import { parameterValues } from "./parameters";

/**
 * The names of the outputs that a request asks for; undefined for all.
 * @throws 400 for a form of answer that the server lacks: another one would be taken for it
 */
export function requestedOutputs(outputs: readonly OutputMessage[]): string[] | undefined {
  if (outputs.length === 0) return undefined;
  const names: string[] = [];
  for (const { name, parameters } of outputs) {
    if (parameters.length > 0) refuseForms(name, parameters);
    names.push(name);
  }
  return names;
}

function refuseForms(name: string, parameters: readonly Buffer[]): void {
  const values = parameterValues(parameters);
  if (values?.shared_memory_region !== undefined) {
    throw invalid(
      `Output \`${name}\` has \`shared_memory_region\`, but the server has no shared memory; leave it out to get the tensor itself.`,
    );
  }
  if (values?.classification !== undefined && Number(values.classification) > 0) {
    throw invalid(
      `Output \`${name}\` has \`classification\`, which the server does not compute; leave it out to get the tensor itself.`,
    );
  }
}
