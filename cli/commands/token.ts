import { Command, InvalidArgumentError } from "commander";
import { requireSession } from "../local-session";
import { mintToken, SCOPES, type Scope } from "../tokens";
import { userName } from "../user-name";

const isScope = (value: string): value is Scope => (SCOPES as readonly string[]).includes(value);

function parseScopes(value: string, previous: Scope[] | undefined): Scope[] {
  const scopes = value.split(/[\s,]+/).filter(Boolean);
  const unknown = scopes.find((scope) => !isScope(scope));
  if (unknown !== undefined || scopes.length === 0) {
    throw new InvalidArgumentError(`It must be one or more of: ${SCOPES.join(", ")}.`);
  }
  return [...(previous ?? []), ...scopes.filter(isScope)];
}

function parseTtl(value: string): string {
  if (/^[1-9]\d{0,5}(s|m|h|d)$/.test(value)) return value;
  throw new InvalidArgumentError("It must be a number and a unit: 90s, 30m, 1h or 7d.");
}

export function tokenCommand(): Command {
  return new Command("token")
    .description("print a JWT for the running local stack, and nothing else")
    .option("--subject <name>", "who the token is for", userName())
    .option(
      "--scope <scope>",
      `what it may do, can be repeated: ${SCOPES.join(", ")} (default: infer)`,
      parseScopes,
    )
    .option("--ttl <duration>", "how long it is valid", parseTtl, "1h")
    .addHelpText(
      "after",
      "\nExamples:\n  $ TOKEN=$(npx slipway token)\n  $ npx slipway token --subject dashboards --scope metrics --ttl 10m",
    )
    .action(async (options: { subject: string; scope?: Scope[]; ttl: string }) => {
      const token = await mintToken(requireSession(), {
        subject: options.subject,
        scopes: options.scope ?? ["infer"],
        ttl: options.ttl,
      });
      console.log(token);
    });
}
