import type { Server } from "node:http";
import { messageOf } from "./message-of";
import { UsageError } from "./option-table";

/** Resolves when the server takes connections. @throws UsageError naming the flag whose port cannot be used */
export function listening(server: Server, host: string, port: number, flag: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(new UsageError(`\`${flag}\` (${port}) of ${host} cannot be used: ${messageOf(error)}.`)),
    );
    server.listen(port, host, resolve);
  });
}

/** Ends a server whose clients keep their connections: only requests under way are waited for. */
export function closed(server: Server): Promise<unknown> {
  const done = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  return done;
}
