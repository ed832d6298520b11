import { Command, InvalidArgumentError } from "commander";
import { exclusively } from "../operation-lock";
import { consoleProgress } from "../progress";

/** Ports below 1024 belong to root's well-known services. */
export function parsePort(value: string): number {
  const port = Number(value);
  if (Number.isInteger(port) && port >= 1024 && port <= 65535) return port;
  throw new InvalidArgumentError("It must be a whole number from 1024 to 65535.");
}

export function upCommand(): Command {
  return new Command("up")
    .description("build what is missing, start the embedded cluster, bring the local stack up and prove it")
    .option("--gateway-port <port>", "loopback port of the gateway", parsePort, 8443)
    .option("--json", "print the summary as JSON")
    .addHelpText("after", "\nExamples:\n  $ npm run up\n  $ npx slipway up --gateway-port 9443")
    .action(async (options: { gatewayPort: number; json?: boolean }) => {
      const startedAt = Date.now();
      const { up } = await import("../up/up");
      const { summary } = await import("../up/summary");
      const result = await exclusively("up", () =>
        up({ gatewayPort: options.gatewayPort }, consoleProgress()),
      );
      if (options.json) {
        const { tokenKey: _key, ...session } = result.session;
        console.log(JSON.stringify({ ...session, changes: result.changes, proofs: result.proofs }, null, 2));
      } else console.log(summary(result, Date.now() - startedAt));
    });
}
