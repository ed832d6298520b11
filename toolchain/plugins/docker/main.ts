import { SdkTypes } from "../shared/preview-only/sdk-types";
import { serveProvider } from "../shared/serve";
import { dockerProvider } from "./provider";

/** Runs the docker provider as a plugin process. The engine starts it in the program's folder. */
export function main(version: string): Promise<void> {
  return serveProvider(dockerProvider({ version, types: SdkTypes.find("@pulumi/docker", process.cwd()) }));
}
