import { readFileSync } from "node:fs";
import type { Server } from "node:net";
import type { Forwarding } from "../forwards";
import { createAuthenticatedProxy } from "./authenticated-proxy";
import { createRelay } from "./relay";

/**
 * Makes ports of the node reachable on the machine's loopback addresses. Argument: the path of a JSON file with a list of
 * Forwarding. It runs until it is ended; connections that are open then are cut.
 */
const forwardings = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as Forwarding[];
for (const forwarding of forwardings) {
  for (const host of ["127.0.0.1", "::1"]) listen(host, forwarding);
}

function listen(address: string, { port, host, nodePort, credentials }: Forwarding): void {
  const target = { host, port: nodePort };
  const server: Server = credentials ? createAuthenticatedProxy(target, credentials) : createRelay(target);
  server.on("error", (error: NodeJS.ErrnoException) => {
    console.error(`${address} port ${port}: ${error.message}`);
    // A machine may have no IPv6; the other address is enough then.
    if (address === "127.0.0.1") process.exit(1);
  });
  server.listen({ host: address, port });
}

process.on("SIGTERM", () => process.exit(0));
