import { SdkTypes } from "../shared/preview-only/sdk-types";
import { serveProvider } from "../shared/serve";
import { awsProvider } from "./provider";

/** Runs the aws provider as a plugin process. The engine starts it in the program's folder. */
export function main(version: string): Promise<void> {
  return serveProvider(awsProvider({ version, types: SdkTypes.find("@pulumi/aws", process.cwd()) }));
}
