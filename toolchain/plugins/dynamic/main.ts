import { runSdkProgram } from "../host/sdk-program";

/** Serves the dynamic resources of Node programs; the SDK brings the provider itself. */
export function main(): void {
  runSdkProgram("@pulumi/pulumi/cmd/dynamic-provider");
}
