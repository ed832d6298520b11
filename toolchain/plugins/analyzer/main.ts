import { runSdkProgram } from "../host/sdk-program";

/**
 * Runs the policy pack of the current folder, for an engine that has no Node language host: it gives its address and
 * the folder as arguments.
 */
export function main(): void {
  runSdkProgram("@pulumi/pulumi/cmd/run-policy-pack");
}
