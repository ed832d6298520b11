import { serveProvider } from "../shared/serve";
import { TlsProvider } from "./provider";

/** Runs the tls provider as a plugin process. */
export function main(version: string): Promise<void> {
  return serveProvider(new TlsProvider(version));
}
