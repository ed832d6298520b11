import { SdkTypes } from "../shared/preview-only/sdk-types";
import { serveProvider } from "../shared/serve";
import { commandProvider } from "./provider";

/** Runs the command provider as a plugin process. The engine starts it in the program's folder. */
export function main(version: string): Promise<void> {
  return serveProvider(commandProvider({ version, types: SdkTypes.find("@pulumi/command", process.cwd()) }));
}
