import { serveProvider } from "../shared/serve";
import { KubernetesProvider } from "./provider";

/** Runs the plugin. @param version what it reports, e.g. "4.34.2" */
export async function main(version: string): Promise<void> {
  await serveProvider(new KubernetesProvider(version));
}
