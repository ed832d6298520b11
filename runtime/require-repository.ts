import { existsSync, statSync } from "node:fs";
import { UsageError } from "./option-table";

/** The options as they are. @throws UsageError where the model repository is no folder */
export function requireRepository<Options extends { readonly modelRepository: string }>(
  options: Options,
): Options {
  const { modelRepository } = options;
  if (!existsSync(modelRepository) || !statSync(modelRepository).isDirectory()) {
    throw new UsageError(
      `\`--model-repository\` (${modelRepository}) must be an existing folder that holds \`<model>/<version>/model.onnx\`.`,
    );
  }
  return options;
}
