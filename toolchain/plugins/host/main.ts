import { dirname, join } from "node:path";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { endWithEngine, engineAddressOf, listen } from "../shared/serve";
import { Children } from "./children";
import { LanguageHost } from "./language-host";

/** Runs the language host for Node programs as a plugin process. `version` is what it reports as its own. */
export async function main(version: string): Promise<void> {
  // Installed beside this file.
  const children = new Children(join(dirname(process.argv[1] ?? ""), "preload.cjs"));
  endWithEngine(() => children.killAll());
  const engineAddress = engineAddressOf(process.argv.slice(2));
  if (engineAddress === undefined) {
    process.stderr.write(
      "pulumi-language-nodejs is started by the Pulumi engine, with the engine's address.\n",
    );
    process.exit(1);
  }
  const host = new LanguageHost(version, engineAddress, children);
  const { port } = await listen(LanguageRuntimeService, host.handlers());
  process.stdout.write(`${port}\n`);
}
