import { createRelay } from "./relay";

/**
 * Makes ports of the node reachable on the machine's loopback addresses. Arguments: `PORT=HOST:PORT …`.
 * It runs until it is ended; connections that are open then are cut.
 */
for (const argument of process.argv.slice(2)) {
  const match = /^(\d+)=([\d.]+):(\d+)$/.exec(argument);
  if (!match) throw new Error(`Expected PORT=HOST:PORT, got "${argument}"`);
  for (const host of ["127.0.0.1", "::1"])
    listen(host, Number(match[1]), { host: match[2]!, port: Number(match[3]) });
}

function listen(host: string, port: number, target: { host: string; port: number }): void {
  const relay = createRelay(target);
  relay.on("error", (error: NodeJS.ErrnoException) => {
    console.error(`${host} port ${port}: ${error.message}`);
    // A machine may have no IPv6; the other address is enough then.
    if (host === "127.0.0.1") process.exit(1);
  });
  relay.listen({ host, port });
}

process.on("SIGTERM", () => process.exit(0));
